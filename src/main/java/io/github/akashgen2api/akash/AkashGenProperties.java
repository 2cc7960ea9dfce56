package io.github.akashgen2api.akash;

import java.time.Duration;

import jakarta.validation.constraints.NotNull;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How AkashGen is reached. The timeouts are for a whole exchange, from connecting to the
 * last byte.
 *
 * @param baseUrl where AkashGen is
 * @param sessionToken a session to begin with, secret; {@code null}: one is fetched when
 * needed
 * @param cookie what is sent along besides, secret; {@code null}: nothing
 * @param accessToken what an instance that is not open to all asks for, secret;
 * {@code null}: nothing
 * @param userAgent how this service names itself to AkashGen; never empty, which AkashGen
 * refuses
 * @param connectTimeout for a connection to come about
 * @param sessionTimeout for a new session
 * @param submitTimeout for queuing an image; AkashGen is silent while its language model
 * writes the prompt, a minute at times
 * @param pollTimeout for one status
 * @param imageTimeout for one download of an image
 */
@Validated
@ConfigurationProperties("akash")
record AkashGenProperties(@NotNull BaseUrl baseUrl, @Nullable SessionToken sessionToken, @Nullable ExtraCookies cookie,
		@Nullable AccessToken accessToken, String userAgent,
		@DefaultValue("10s") @DurationMin(millis = 1) Duration connectTimeout,
		@DefaultValue("10s") @DurationMin(millis = 1) Duration sessionTimeout,
		@DefaultValue("90s") @DurationMin(millis = 1) Duration submitTimeout,
		@DefaultValue("15s") @DurationMin(millis = 1) Duration pollTimeout,
		@DefaultValue("60s") @DurationMin(millis = 1) Duration imageTimeout) {

}
