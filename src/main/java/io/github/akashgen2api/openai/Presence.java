package io.github.akashgen2api.openai;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.function.BooleanSupplier;

import jakarta.servlet.http.HttpServletRequest;
import org.eclipse.jetty.ee11.servlet.ServletContextRequest;

/**
 * Tells whether a caller who waits has gone away. No servlet does: Jetty reads from a
 * connection again only when it has answered, and what is written to one that its caller
 * has closed does not fail.
 *
 * @param connection to the caller
 */
record Presence(SocketChannel connection) implements BooleanSupplier {

	static Presence of(HttpServletRequest request) {
		Object transport = ServletContextRequest.getServletContextRequest(request)
			.getConnectionMetaData()
			.getConnection()
			.getEndPoint()
			.getTransport();
		return new Presence((SocketChannel) transport);
	}

	/** Whether he has closed the connection. */
	@Override
	public boolean getAsBoolean() {
		try {
			// What he says after his request is his next one, and not to be taken here.
			boolean speaks = this.connection.socket().getInputStream().available() > 0;
			return !speaks && this.connection.read(ByteBuffer.allocate(1)) < 0;
		}
		catch (IOException ex) {
			return true;
		}
	}

}
