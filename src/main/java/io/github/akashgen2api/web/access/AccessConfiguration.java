package io.github.akashgen2api.web.access;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;

import io.github.akashgen2api.web.FilterOrder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.filter.CorsFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * Registers the filters that decide which requests are served.
 */
@Configuration(proxyBeanMethods = false)
class AccessConfiguration {

	private static final Logger logger = LoggerFactory.getLogger(AccessConfiguration.class);

	@Bean
	FilterRegistrationBean<CorsFilter> corsFilter(AccessProperties settings) {
		CorsPolicy policy = new CorsPolicy(settings.corsAllowedOrigins());
		CorsFilter filter = new CorsFilter(policy);
		filter.setCorsProcessor(policy);
		FilterRegistrationBean<CorsFilter> registration = new FilterRegistrationBean<>(filter);
		registration.setOrder(FilterOrder.CORS);
		return registration;
	}

	@Bean
	FilterRegistrationBean<ApiKeyFilter> apiKeyFilter(AccessProperties settings,
			@Qualifier("handlerExceptionResolver") HandlerExceptionResolver exceptions) {
		ApiKeys keys = (settings.apiKeys() != null) ? settings.apiKeys() : generatedKey(settings.generatedKey());
		if (keys.shortKeys() > 0) {
			logger.warn("{} of the keys in API_KEY have fewer than {} characters and can be guessed", keys.shortKeys(),
					ApiKeys.RECOMMENDED_LENGTH);
		}
		KeyRateLimiter rateLimiter = (settings.rateLimitPerKey() != null)
				? new KeyRateLimiter(settings.rateLimitPerKey()) : null;
		FilterRegistrationBean<ApiKeyFilter> registration = new FilterRegistrationBean<>(
				new ApiKeyFilter(keys, KeyFingerprints.of(settings.fingerprintSecret()), rateLimiter, exceptions));
		registration.setOrder(FilterOrder.API_KEY);
		registration.addUrlPatterns("/v1/*");
		return registration;
	}

	/**
	 * The only secret that is logged, as clients could not call without it. It stays the
	 * same, as a client finds its jobs by its key.
	 */
	private static ApiKeys generatedKey(Path file) {
		String random = ApiKeys.random();
		try {
			String key = new String(SecretFile.readOrCreate(file, random.getBytes(StandardCharsets.US_ASCII)),
					StandardCharsets.US_ASCII)
				.strip();
			ApiKeys keys = ApiKeys.valueOf(key);
			if (keys == null) {
				throw new IOException("is empty");
			}
			logger.warn("API_KEY is not set; clients use this key: {} (kept in {})", key, file);
			return keys;
		}
		catch (IOException | IllegalArgumentException ex) {
			logger.warn("API_KEY is not set; until the next start, clients use this key: {}", random);
			logger.warn("Cannot keep the key in {}: {}", file, ex.toString());
			return Objects.requireNonNull(ApiKeys.valueOf(random));
		}
	}

}
