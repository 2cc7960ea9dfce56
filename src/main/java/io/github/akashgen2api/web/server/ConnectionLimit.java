package io.github.akashgen2api.web.server;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.eclipse.jetty.util.IO;
import org.jspecify.annotations.Nullable;

/**
 * Limits how many connections are open at once, in total and for each client address.
 * <p>
 * At the total limit, a new connection replaces an old one that serves no request.
 * Clients that send requests are thus served while others only hold connections. If all
 * connections serve requests, the new one is closed.
 * <p>
 * An address is an IPv4 address, or the first 64 bits of an IPv6 address. Addresses of
 * private networks have no limit, as they are proxies with many clients.
 */
final class ConnectionLimit implements SelectorManager.AcceptListener, Connection.Listener {

	/** One address may have a quarter of all connections. */
	private static final int ADDRESS_SHARE = 4;

	/** How many old connections are checked, at most, for one new one. */
	private static final int MAX_CHECKS = 64;

	private final int maxConnections;

	private final int maxPerAddress;

	/** In the order in which they were accepted, or were last found in use. */
	private final LinkedHashMap<SelectableChannel, Admitted> open = new LinkedHashMap<>();

	private final Map<InetAddress, Integer> countByAddress = new HashMap<>();

	ConnectionLimit(int maxConnections) {
		this.maxConnections = maxConnections;
		this.maxPerAddress = Math.max(1, maxConnections / ADDRESS_SHARE);
	}

	@Override
	public void onAccepting(SelectableChannel channel) {
		if (!admits(channel)) {
			IO.close(channel);
		}
	}

	private synchronized boolean admits(SelectableChannel channel) {
		InetAddress address = limitedAddress(channel);
		if (address != null && this.countByAddress.getOrDefault(address, 0) >= this.maxPerAddress) {
			return false;
		}
		if (this.open.size() >= this.maxConnections && !closeUnused()) {
			return false;
		}
		this.open.put(channel, new Admitted(address));
		if (address != null) {
			this.countByAddress.merge(address, 1, Integer::sum);
		}
		return true;
	}

	/** Connections in use move to the end, so that all others are checked before them. */
	private boolean closeUnused() {
		for (int i = 0; i < MAX_CHECKS; i++) {
			Map.Entry<SelectableChannel, Admitted> eldest = this.open.firstEntry();
			EndPoint unused = eldest.getValue().unused();
			if (unused != null) {
				remove(eldest.getKey());
				unused.close();
				return true;
			}
			this.open.putLast(eldest.getKey(), eldest.getValue());
		}
		return false;
	}

	@Override
	public synchronized void onOpened(Connection connection) {
		if (connection.getEndPoint().getTransport() instanceof SelectableChannel channel) {
			Admitted admitted = this.open.get(channel);
			if (admitted != null) {
				admitted.connection = connection;
			}
		}
	}

	@Override
	public void onClosed(Connection connection) {
		// The closing of its channel is enough.
	}

	@Override
	public synchronized void onClosed(SelectableChannel channel) {
		remove(channel);
	}

	@Override
	public synchronized void onAcceptFailed(SelectableChannel channel, @Nullable Throwable cause) {
		remove(channel);
	}

	private void remove(SelectableChannel channel) {
		Admitted admitted = this.open.remove(channel);
		if (admitted != null && admitted.address != null) {
			this.countByAddress.computeIfPresent(admitted.address, (_, count) -> (count > 1) ? count - 1 : null);
		}
	}

	private static @Nullable InetAddress limitedAddress(SelectableChannel channel) {
		try {
			return (((SocketChannel) channel).getRemoteAddress() instanceof InetSocketAddress remote)
					? limitedAddress(remote.getAddress()) : null;
		}
		catch (IOException ex) {
			// The client has disconnected.
			return null;
		}
	}

	/**
	 * The address under which a connection is counted.
	 * @return {@code null} for an address of a private network
	 */
	static @Nullable InetAddress limitedAddress(InetAddress address) {
		byte[] bytes = address.getAddress();
		if (address.isLoopbackAddress() || address.isLinkLocalAddress() || address.isSiteLocalAddress()) {
			return null;
		}
		if (!(address instanceof Inet6Address)) {
			boolean isShared = bytes[0] == 100 && (bytes[1] & 0xC0) == 64;
			return isShared ? null : address;
		}
		boolean isUniqueLocal = (bytes[0] & 0xFE) == 0xFC;
		if (isUniqueLocal) {
			return null;
		}
		Arrays.fill(bytes, 8, bytes.length, (byte) 0);
		try {
			return InetAddress.getByAddress(bytes);
		}
		catch (UnknownHostException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static final class Admitted {

		private final @Nullable InetAddress address;

		private @Nullable Connection connection;

		Admitted(@Nullable InetAddress address) {
			this.address = address;
		}

		/** The end point, or {@code null} if the connection serves a request. */
		@Nullable EndPoint unused() {
			boolean isUnused = this.connection instanceof HttpConnection http
					&& (http.getParser().inHeaderState() || http.getParser().isTerminated());
			return (isUnused && this.connection != null) ? this.connection.getEndPoint() : null;
		}

	}

}
