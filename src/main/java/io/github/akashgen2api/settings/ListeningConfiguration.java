package io.github.akashgen2api.settings;

import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.jetty.JettyServerCustomizer;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.servlet.ConfigurableServletWebServerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Puts all routes, the actuator's too, under the prefix, and headers into all answers.
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

	/**
	 * No headers are kept from one request to the next, as Jetty would take {@code KEY}
	 * for the {@code key} that came before.
	 */
	@Bean
	JettyServerCustomizer headers() {
		return (server) -> {
			for (Connector connector : server.getConnectors()) {
				HttpConfiguration http = connector.getConnectionFactory(HttpConnectionFactory.class)
					.getHttpConfiguration();
				http.setHeaderCacheSize(0);
				http.setSendServerVersion(false);
				http.addCustomizer(new SecurityHeaders());
			}
		};
	}

}
