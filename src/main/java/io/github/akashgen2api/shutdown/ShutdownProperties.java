package io.github.akashgen2api.shutdown;

import java.time.Duration;

import org.hibernate.validator.constraints.time.DurationMin;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Shutdown of the service.
 *
 * @param drain how long the service waits for clients. Kubernetes kills a process 30
 * seconds after it told it to stop, and the rest of the shutdown takes up to three
 */
@Validated
@ConfigurationProperties("shutdown")
record ShutdownProperties(@DefaultValue("25s") @DurationMin Duration drain) {

}
