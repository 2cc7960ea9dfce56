package io.github.akashgen2api.akash;

import java.time.Duration;

import jakarta.validation.constraints.Min;
import org.hibernate.validator.constraints.time.DurationMin;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * When AkashGen counts as down.
 *
 * @param after so many requests in a row that it did not answer
 * @param probeInterval the pause between two looks whether it is back
 */
@Validated
@ConfigurationProperties("akash.outage")
record AvailabilityProperties(@DefaultValue("5") @Min(1) int after,
		@DefaultValue("5s") @DurationMin(millis = 1) Duration probeInterval) {

}
