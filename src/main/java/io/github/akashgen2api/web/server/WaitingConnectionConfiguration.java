package io.github.akashgen2api.web.server;

import java.time.Duration;

import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConnectionFactory;

import org.springframework.boot.jetty.JettyServerCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Loses no answer while clients wait, and none when the service is told to stop.
 */
@Configuration(proxyBeanMethods = false)
class WaitingConnectionConfiguration {

	/**
	 * Longer than the service takes to stop. Jetty's second would cut clients off that
	 * stall for as long, and connections whose next request is on its way.
	 */
	private static final Duration IDLE_WHILE_STOPPING = Duration.ofMinutes(1);

	@Bean
	JettyServerCustomizer waitingConnections() {
		return (server) -> {
			for (Connector connector : server.getConnectors()) {
				HttpConnectionFactory usual = connector.getConnectionFactory(HttpConnectionFactory.class);
				((AbstractConnector) connector)
					.addConnectionFactory(new WaitingConnection.Factory(usual.getHttpConfiguration()));
				((AbstractConnector) connector).setShutdownIdleTimeout(IDLE_WHILE_STOPPING.toMillis());
			}
		};
	}

}
