package io.github.akashgen2api.shutdown;

import java.time.Duration;

import org.hibernate.validator.constraints.time.DurationMin;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How the service stops.
 *
 * @param drain how long callers are waited for. Kubernetes kills 30 seconds after it has
 * told a process to stop, and the rest takes up to three
 */
@Validated
@ConfigurationProperties("shutdown")
record ShutdownProperties(@DefaultValue("25s") @DurationMin Duration drain) {

}
