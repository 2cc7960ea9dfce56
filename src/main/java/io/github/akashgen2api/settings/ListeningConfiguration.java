package io.github.akashgen2api.settings;

import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.ServerConnector;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.jetty.JettyServerCustomizer;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.servlet.ConfigurableServletWebServerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Puts all routes, the actuator's too, under the prefix, and lets many come at once.
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
	 * For what there is no property: thousands may arrive in the same moment. No headers
	 * are kept from one request to the next, as Jetty would take {@code KEY} for the
	 * {@code key} that came before.
	 */
	@Bean
	JettyServerCustomizer connections() {
		return (server) -> {
			for (Connector connector : server.getConnectors()) {
				((ServerConnector) connector).setAcceptQueueSize(4096);
				HttpConfiguration http = connector.getConnectionFactory(HttpConnectionFactory.class)
					.getHttpConfiguration();
				http.setHeaderCacheSize(0);
				http.setSendServerVersion(false);
				// Spring's log at DEBUG asks for parameters: Jetty would read the body of
				// curl -d for them, and leave nothing of it.
				http.setFormEncodedMethods();
				http.addCustomizer(new SecurityHeaders());
			}
		};
	}

}
