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
 * Bounds how many connections are open at once, in total and for one client address.
 * <p>
 * At the total bound a new connection takes the place of an old one that no request is
 * being served on, so that clients that send requests are served while others only hold
 * connections. Where there is no such connection, the new one is closed.
 * <p>
 * An address is an IPv4 address, or the first 64 bits of an IPv6 address. Addresses of
 * private networks have no bound of their own: they are proxies, behind which there are
 * many clients.
 */
final class ConnectionLimit implements SelectorManager.AcceptListener, Connection.Listener {

	/** One address may have a quarter of all connections. */
	private static final int PART_OF_AN_ADDRESS = 4;

	/** How many old connections are looked at, at most, for one new one. */
	private static final int LOOKS = 64;

	private final int most;

	private final int mostOfAnAddress;

	/** In the order in which they came, or were last found in use. */
	private final LinkedHashMap<SelectableChannel, Admitted> open = new LinkedHashMap<>();

	private final Map<InetAddress, Integer> countByAddress = new HashMap<>();

	ConnectionLimit(int most) {
		this.most = most;
		this.mostOfAnAddress = Math.max(1, most / PART_OF_AN_ADDRESS);
	}

	@Override
	public void onAccepting(SelectableChannel channel) {
		if (!admits(channel)) {
			IO.close(channel);
		}
	}

	private synchronized boolean admits(SelectableChannel channel) {
		InetAddress address = boundedAddress(channel);
		if (address != null && this.countByAddress.getOrDefault(address, 0) >= this.mostOfAnAddress) {
			return false;
		}
		if (this.open.size() >= this.most && !closeAnUnused()) {
			return false;
		}
		this.open.put(channel, new Admitted(address));
		if (address != null) {
			this.countByAddress.merge(address, 1, Integer::sum);
		}
		return true;
	}

	/** Those that are in use are looked at again when all others have been. */
	private boolean closeAnUnused() {
		for (int i = 0; i < LOOKS; i++) {
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
		// Its channel is closed too.
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

	private static @Nullable InetAddress boundedAddress(SelectableChannel channel) {
		try {
			return (((SocketChannel) channel).getRemoteAddress() instanceof InetSocketAddress remote)
					? boundedAddress(remote.getAddress()) : null;
		}
		catch (IOException ex) {
			// The client is gone already.
			return null;
		}
	}

	/**
	 * Find what an address is counted under.
	 * @return {@code null} for an address of a private network
	 */
	static @Nullable InetAddress boundedAddress(InetAddress address) {
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

		/** Its end, if no request is being served on it. */
		@Nullable EndPoint unused() {
			boolean isUnused = this.connection instanceof HttpConnection http
					&& (http.getParser().inHeaderState() || http.getParser().isTerminated());
			return (isUnused && this.connection != null) ? this.connection.getEndPoint() : null;
		}

	}

}
