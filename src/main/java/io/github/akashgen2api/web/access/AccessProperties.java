package io.github.akashgen2api.web.access;

import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Access to the API.
 *
 * @param apiKeys the valid keys, secret; {@code null} to generate one and log it
 * @param generatedKey the file with the generated key; created if it does not exist and
 * no key is set
 * @param fingerprintSecret the file with the secret of key fingerprints; created if it
 * does not exist
 * @param rateLimitPerKey the maximum rate of {@code POST} requests for each key;
 * {@code null} for no limit
 * @param corsAllowedOrigins the origins whose web pages may call the API
 */
@ConfigurationProperties("access")
record AccessProperties(@Nullable ApiKeys apiKeys, Path generatedKey, Path fingerprintSecret,
		@Nullable RateLimit rateLimitPerKey, @DefaultValue("*") AllowedOrigins corsAllowedOrigins) {

}
