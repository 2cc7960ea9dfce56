package io.github.akashgen2api.web.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.function.BooleanSupplier;

import jakarta.servlet.http.HttpServletRequest;
import org.eclipse.jetty.ee11.servlet.ServletContextRequest;

/**
 * The connection of a waiting client, which tells whether the client has disconnected.
 * The servlet API does not: Jetty reads from a connection only after the answer, and a
 * write to a closed connection does not fail at first. It must not be asked once the
 * answer is being written, as it may take the first byte of the client's next request.
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
			// Available bytes belong to the next request and must not be read here.
			boolean hasBytes = this.connection.socket().getInputStream().available() > 0;
			return !hasBytes && this.connection.read(ByteBuffer.allocate(1)) < 0;
		}
		catch (IOException ex) {
			return true;
		}
	}

}
