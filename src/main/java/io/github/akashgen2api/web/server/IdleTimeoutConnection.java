package io.github.akashgen2api.web.server;

import java.util.concurrent.TimeoutException;

import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.internal.HttpConnection;

/**
 * A connection whose idle timeout expires only while the client has to send or to read,
 * and not while the service is busy.
 * <p>
 * Jetty's timeout also expires while a request waits for its answer. That is harmless
 * except between the start of a write and its first byte: Jetty then cancels the write
 * and closes the connection. While the server stops, the timeout is one second, and one
 * of about 10,000 answers was lost (Jetty 12.1.14, November 2026).
 */
class IdleTimeoutConnection extends HttpConnection {

	IdleTimeoutConnection(HttpConfiguration configuration, Connector connector, EndPoint endPoint) {
		super(configuration, connector, endPoint);
	}

	@Override
	public boolean onIdleExpired(TimeoutException timeout) {
		return isClientIdle((AbstractEndPoint) getEndPoint()) && super.onIdleExpired(timeout);
	}

	/**
	 * Reads the idle time last, as a pending write may have sent its first bytes since
	 * the timeout expired.
	 */
	private static boolean isClientIdle(AbstractEndPoint endPoint) {
		boolean waitsForClient = endPoint.isFillInterested() || endPoint.getWriteFlusher().isPending();
		return waitsForClient && endPoint.getIdleFor() >= endPoint.getIdleTimeout();
	}

}
