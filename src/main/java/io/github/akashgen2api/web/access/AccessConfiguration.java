package io.github.akashgen2api.web.access;

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
		ApiKeys keys = (settings.apiKeys() != null) ? settings.apiKeys() : randomKey();
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

	/** The only secret that is logged, as clients could not call without it. */
	private static ApiKeys randomKey() {
		String key = ApiKeys.random();
		logger.warn("API_KEY is not set. Until the next start, clients use this key: {}", key);
		return Objects.requireNonNull(ApiKeys.valueOf(key));
	}

}
