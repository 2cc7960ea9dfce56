package io.github.akashgen2api.web.access;

import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who may call.
 *
 * @param apiKeys the keys that callers may hold, secret; {@code null}: one is made at
 * start and printed
 * @param fingerprintSecret the file that holds the secret of key fingerprints; created if
 * there is none
 * @param rateLimitPerKey how often each key may post; {@code null}: as often as it likes
 * @param corsAllowedOrigins the origins whose web pages may call
 */
@ConfigurationProperties("access")
record AccessProperties(@Nullable ApiKeys apiKeys, Path fingerprintSecret, @Nullable RateLimit rateLimitPerKey,
		@DefaultValue("*") AllowedOrigins corsAllowedOrigins) {

}
