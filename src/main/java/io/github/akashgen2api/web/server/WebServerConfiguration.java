package io.github.akashgen2api.web.server;

import java.time.Duration;
import java.util.stream.Stream;

import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.ServerConnector;

import org.springframework.boot.jetty.JettyServerCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Configures Jetty, and limits connections. Jetty's own limit would stop accepting new
 * ones, so that an attacker with enough connections could lock all other clients out.
 */
@Configuration(proxyBeanMethods = false)
class WebServerConfiguration {

	/** Thousands of clients may connect at the same time. */
	private static final int ACCEPT_QUEUE = 4096;

	/**
	 * The system's buffer for an answer. By default, Linux buffers up to 4 MB for a slow
	 * client, and reports progress only after a third of that.
	 */
	private static final int SEND_BUFFER = 64 * 1024;

	/**
	 * Longer than the service takes to stop. Jetty's default of one second would close
	 * the connections of clients that pause, or whose next request is on its way.
	 */
	private static final Duration IDLE_WHILE_STOPPING = Duration.ofMinutes(1);

	/** The answer to a preflight repeats the request's headers. */
	private static final int RESPONSE_HEADER = 48 * 1024;

	@Bean
	JettyServerCustomizer connectionLimits(ConnectionProperties settings) {
		ServerLimits capacity = ServerLimits.ofThisProcess();
		return (server) -> Stream.of(server.getConnectors())
			.map(ServerConnector.class::cast)
			.forEach((connector) -> limit(connector, capacity, settings));
	}

	private static void limit(ServerConnector connector, ServerLimits capacity, ConnectionProperties settings) {
		HttpConfiguration http = connector.getConnectionFactory(HttpConnectionFactory.class).getHttpConfiguration();
		http.setMaxResponseHeaderSize(RESPONSE_HEADER);
		// Jetty would take KEY for the "key" of an earlier request.
		http.setHeaderCacheSize(0);
		http.setSendServerVersion(false);
		// Spring's DEBUG log asks for parameters: Jetty would read the body of curl -d
		// for
		// them, and the body would be lost.
		http.setFormEncodedMethods();
		http.addCustomizer(new SecurityHeaders());
		connector
			.addConnectionFactory(new HeaderBudgetConnection.Factory(http, new HeaderBudget(capacity.headerBytes())));
		connector.setShutdownIdleTimeout(IDLE_WHILE_STOPPING.toMillis());
		connector.setAcceptQueueSize(ACCEPT_QUEUE);
		connector.setAcceptedSendBufferSize(SEND_BUFFER);
		connector.addBean(new ConnectionLimit(capacity.connections()));
		connector.addBean(new ConnectionMonitor(connector, capacity.blocked(), settings));
	}

}
