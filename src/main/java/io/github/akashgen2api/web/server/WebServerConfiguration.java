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
 * Configures Jetty. Bounds what connections hold, and for how long. Jetty's own limit
 * stops accepting connections, so that no client gets in while an attacker holds all of
 * them.
 */
@Configuration(proxyBeanMethods = false)
class WebServerConfiguration {

	/** Thousands may arrive in the same moment. */
	private static final int ACCEPT_QUEUE = 4096;

	/**
	 * What the system buffers of an answer. Left to itself, Linux buffers up to 4 MB for
	 * a client that reads slowly, and reports progress only after a third of that.
	 */
	private static final int SEND_BUFFER = 64 * 1024;

	/**
	 * How long a client may pause while bytes of it are due, as on a poor mobile
	 * connection. With {@link #SEND_BUFFER}, the system reports what a client has taken
	 * in steps of some 20 KB: 1 KB a second is enough.
	 */
	private static final Duration DUE = Duration.ofSeconds(30);

	/**
	 * Longer than the service takes to stop. Jetty's second would cut clients off that
	 * stall for as long, and connections whose next request is on its way.
	 */
	private static final Duration IDLE_WHILE_STOPPING = Duration.ofMinutes(1);

	/** A preflight's answer repeats what its request asks for. */
	private static final int RESPONSE_HEADER = 48 * 1024;

	@Bean
	JettyServerCustomizer connectionBounds() {
		Capacity capacity = Capacity.ofThisProcess();
		return (server) -> Stream.of(server.getConnectors())
			.map(ServerConnector.class::cast)
			.forEach((connector) -> bound(connector, capacity));
	}

	private static void bound(ServerConnector connector, Capacity capacity) {
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
		connector.addConnectionFactory(new BudgetedConnection.Factory(http, new HeaderBudget(capacity.headerBytes())));
		connector.setShutdownIdleTimeout(IDLE_WHILE_STOPPING.toMillis());
		connector.setAcceptQueueSize(ACCEPT_QUEUE);
		connector.setAcceptedSendBufferSize(SEND_BUFFER);
		connector.addBean(new ConnectionLimit(capacity.connections()));
		connector.addBean(new ConnectionMonitor(connector, capacity.blocked(), DUE));
	}

}
