package io.github.akashgen2api.web.server;

import java.util.concurrent.TimeoutException;

import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.internal.HttpConnection;

/**
 * A connection whose idle timeout is the client's alone: it counts while the client has
 * to send or to take, and not while the service is at work.
 * <p>
 * Jetty's expires every so often while a request waits for its answer, which does no
 * harm, except between Jetty's note that a write has begun and its first byte: then the
 * write is cancelled, and the connection closed without a byte of the answer. Once the
 * server is told to stop, Jetty's idle timeout is one second, and one of some 10,000
 * answers was lost so (Jetty 12.1.14, November 2026).
 */
class WaitingConnection extends HttpConnection {

	WaitingConnection(HttpConfiguration configuration, Connector connector, EndPoint endPoint) {
		super(configuration, connector, endPoint);
	}

	@Override
	public boolean onIdleExpired(TimeoutException timeout) {
		return isClientIdle((AbstractEndPoint) getEndPoint()) && super.onIdleExpired(timeout);
	}

	/**
	 * The idle time is read last: a write that is pending now may have sent its first
	 * bytes since the timeout expired.
	 */
	private static boolean isClientIdle(AbstractEndPoint endPoint) {
		boolean isClientDue = endPoint.isFillInterested() || endPoint.getWriteFlusher().isPending();
		return isClientDue && endPoint.getIdleFor() >= endPoint.getIdleTimeout();
	}

	/**
	 * Makes such connections.
	 */
	static final class Factory extends HttpConnectionFactory {

		Factory(HttpConfiguration configuration) {
			super(configuration);
		}

		@Override
		public Connection newConnection(Connector connector, EndPoint endPoint) {
			return configure(new WaitingConnection(getHttpConfiguration(), connector, endPoint), connector, endPoint);
		}

	}

}
