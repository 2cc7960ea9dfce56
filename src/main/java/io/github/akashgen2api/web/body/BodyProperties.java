package io.github.akashgen2api.web.body;

import java.time.Duration;

import org.hibernate.validator.constraints.time.DurationMin;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * How much of a request's body is read.
 *
 * @param limit the size of the largest body. Of a larger one, one and a half times as
 * much is drained, so that a client with a key reads the answer
 * @param drain how long the body of a client without a key is drained, and how long a
 * client has to read the answer before its connection is closed
 */
@Validated
@ConfigurationProperties("bodies")
record BodyProperties(@DefaultValue("32MB") DataSize limit,
		@DefaultValue("2s") @DurationMin(millis = 1) Duration drain) {

	BodyProperties {
		Assert.isTrue(limit.toBytes() > 0, "must be more than 0B");
	}

	DataSize drainLimit() {
		return DataSize.ofBytes(this.limit.toBytes() * 3 / 2);
	}

}
