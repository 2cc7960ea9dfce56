package io.github.akashgen2api.settings;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.servlet.ConfigurableServletWebServerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Puts all routes under the prefix, the actuator's included.
 */
@Configuration(proxyBeanMethods = false)
class ServiceConfiguration {

	@Bean
	WebServerFactoryCustomizer<ConfigurableServletWebServerFactory> prefixed(ServiceProperties properties,
			ListableBeanFactory beans) {
		// Bind all settings before there is a web server: for an invalid one, the log
		// holds nothing but the report.
		beans.getBeansWithAnnotation(ConfigurationProperties.class);
		return (factory) -> factory.setContextPath(properties.prefix().contextPath());
	}

}
