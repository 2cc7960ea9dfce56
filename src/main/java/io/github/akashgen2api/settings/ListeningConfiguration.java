package io.github.akashgen2api.settings;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.servlet.ConfigurableServletWebServerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Puts all routes, the actuator's too, under the prefix.
 */
@Configuration(proxyBeanMethods = false)
class ListeningConfiguration {

	@Bean
	WebServerFactoryCustomizer<ConfigurableServletWebServerFactory> prefixed(ListeningSettings settings,
			ListableBeanFactory beans) {
		// All settings, before there is a web server: of a wrong one, nothing but the
		// report is to be read.
		beans.getBeansWithAnnotation(ConfigurationProperties.class);
		return (factory) -> factory.setContextPath(settings.prefix().contextPath());
	}

}
