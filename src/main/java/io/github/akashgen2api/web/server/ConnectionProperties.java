package io.github.akashgen2api.web.server;

import java.time.Duration;

import org.hibernate.validator.constraints.time.DurationMin;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The time that clients have.
 *
 * @param headerTimeout for a header, from the start of the connection or the first byte
 * of a later header
 * @param clientTimeout for 16 KB of a body, or for any byte of an answer. Long enough for
 * a pause on a poor mobile connection. With the send buffer that is set, the system
 * reports progress in steps of about 20 KB, so 1 KB a second suffices
 */
@Validated
@ConfigurationProperties("connections")
record ConnectionProperties(@DefaultValue("10s") @DurationMin(millis = 1) Duration headerTimeout,
		@DefaultValue("30s") @DurationMin(millis = 1) Duration clientTimeout) {

}
