package io.github.akashgen2api.web.access;

import java.util.Objects;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.web.filter.CorsFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * Puts the key check before everything that costs something.
 */
@Configuration(proxyBeanMethods = false)
class AccessConfiguration {

	private static final Logger logger = LoggerFactory.getLogger(AccessConfiguration.class);

	/**
	 * Before the key check: a preflight has no key, and its refusals must be readable.
	 */
	@Bean
	FilterRegistrationBean<CorsFilter> corsFilter(AccessProperties settings) {
		CorsPolicy calls = new CorsPolicy(settings.corsAllowedOrigins());
		CorsFilter filter = new CorsFilter(calls);
		filter.setCorsProcessor(calls);
		FilterRegistrationBean<CorsFilter> registration = new FilterRegistrationBean<>(filter);
		registration.setOrder(Ordered.LOWEST_PRECEDENCE - 1);
		return registration;
	}

	@Bean
	FilterRegistrationBean<ApiKeyFilter> apiKeyFilter(AccessProperties settings,
			@Qualifier("handlerExceptionResolver") HandlerExceptionResolver refusals) {
		ApiKeys keys = (settings.apiKeys() != null) ? settings.apiKeys() : made();
		if (keys.shortOnes() > 0) {
			logger.warn("{} of the keys in API_KEY have fewer than {} characters and can be guessed", keys.shortOnes(),
					ApiKeys.LONG_ENOUGH);
		}
		KeyRateLimiter rates = (settings.rateLimitPerKey() != null) ? new KeyRateLimiter(settings.rateLimitPerKey())
				: null;
		FilterRegistrationBean<ApiKeyFilter> registration = new FilterRegistrationBean<>(
				new ApiKeyFilter(keys, KeyFingerprints.of(settings.fingerprintSecret()), rates, refusals));
		registration.addUrlPatterns("/v1/*");
		return registration;
	}

	/** The one secret that is printed: without it, nobody could call. */
	private static ApiKeys made() {
		String key = ApiKeys.random();
		logger.warn("API_KEY is not set. Until the next start, callers use this key: {}", key);
		return Objects.requireNonNull(ApiKeys.valueOf(key));
	}

}
