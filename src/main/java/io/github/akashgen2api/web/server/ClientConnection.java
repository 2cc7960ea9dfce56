package io.github.akashgen2api.web.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.function.BooleanSupplier;

import jakarta.servlet.http.HttpServletRequest;
import org.eclipse.jetty.ee11.servlet.ServletContextRequest;

/**
 * Tells whether a client that waits has disconnected. The servlet API does not: Jetty
 * reads from a connection again only when it has answered, and what is written to one
 * that its client has closed does not fail.
 *
 * @param connection to the client
 */
public record ClientConnection(SocketChannel connection) implements BooleanSupplier {

	/**
	 * The connection that a request came on.
	 */
	public static ClientConnection of(HttpServletRequest request) {
		Object transport = ServletContextRequest.getServletContextRequest(request)
			.getConnectionMetaData()
			.getConnection()
			.getEndPoint()
			.getTransport();
		return new ClientConnection((SocketChannel) transport);
	}

	/** Whether the client has closed the connection. */
	@Override
	public boolean getAsBoolean() {
		try {
			// What the client sends after its request is the next one, and not read here.
			boolean speaks = this.connection.socket().getInputStream().available() > 0;
			return !speaks && this.connection.read(ByteBuffer.allocate(1)) < 0;
		}
		catch (IOException ex) {
			return true;
		}
	}

}
