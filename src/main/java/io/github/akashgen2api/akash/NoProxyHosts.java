package io.github.akashgen2api.akash;

import java.net.InetAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The hosts that are reached without a proxy, whatever else is set. As curl reads
 * {@code NO_PROXY}, a name stands for all below it too, with or without a dot before it.
 * This very machine is one of them, as it is for programs in Go.
 *
 * @param entries hosts in lower case, some with a port; or {@code *}
 */
record NoProxyHosts(List<String> entries) {

	NoProxyHosts {
		entries = List.copyOf(entries);
	}

	/**
	 * Read hosts as an operator writes them, with commas or spaces between them.
	 */
	public static NoProxyHosts valueOf(String text) {
		return new NoProxyHosts(Arrays.stream(text.toLowerCase(Locale.ROOT).split("[,\\s]+"))
			.map((entry) -> entry.replaceFirst("^\\*?\\.", ""))
			.filter((entry) -> !entry.isEmpty())
			.toList());
	}

	/**
	 * Whether an address is of one of these hosts.
	 */
	boolean contain(URI uri) {
		String host = uri.getHost().toLowerCase(Locale.ROOT).replaceFirst("\\.$", "");
		int port = BaseUrl.port(uri);
		return isThisMachine(host) || this.entries.stream().anyMatch((entry) -> isOf(entry, host, port));
	}

	private static boolean isOf(String entry, String host, int port) {
		String bare = entry.replaceFirst(":" + port + "$", "");
		String unbracketed = host.replaceAll("[\\[\\]]", "");
		return entry.equals("*") || host.equals(entry) || host.equals(bare) || unbracketed.equals(entry)
				|| (!isAddress(unbracketed) && host.endsWith("." + bare));
	}

	private static boolean isThisMachine(String host) {
		String unbracketed = host.replaceAll("[\\[\\]]", "");
		return host.equals("localhost")
				|| (isAddress(unbracketed) && InetAddress.ofLiteral(unbracketed).isLoopbackAddress());
	}

	/** Without asking a name server. */
	private static boolean isAddress(String host) {
		try {
			InetAddress.ofLiteral(host);
			return true;
		}
		catch (IllegalArgumentException ex) {
			return false;
		}
	}

}
