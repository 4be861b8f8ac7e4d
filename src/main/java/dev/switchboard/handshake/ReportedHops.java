package dev.switchboard.handshake;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

import io.netty.util.NetUtil;
import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * The addresses that one header reports, in their order. Each proxy appends the address
 * that was connected to it. So the end of the list was written by the proxies that we
 * know, and its beginning may be the client's invention.
 *
 * @param elements the header's elements
 */
record ReportedHops(List<String> elements) {

	private static final int HIGHEST_PORT = 65_535;

	/**
	 * Reads the addresses in {@code X-Forwarded-For}.
	 * @param lines the header's lines
	 */
	static ReportedHops ofForwardedFor(List<String> lines) {
		return new ReportedHops(List.of(StringUtils.commaDelimitedListToStringArray(String.join(",", lines))));
	}

	/**
	 * Reads the {@code for} parameters of {@code Forwarded} (RFC 7239). Splits at each
	 * comma and semicolon, even in quoted strings, because no address contains one.
	 * @param lines the header's lines
	 */
	static ReportedHops ofForwarded(List<String> lines) {
		String[] elements = StringUtils.commaDelimitedListToStringArray(String.join(",", lines));
		return new ReportedHops(List.of(elements).stream().map(ReportedHops::forParameter).toList());
	}

	private static String forParameter(String element) {
		for (String pair : element.split(";", -1)) {
			String trimmed = pair.strip();
			if (trimmed.regionMatches(true, 0, "for=", 0, 4)) {
				return unquote(trimmed.substring(4));
			}
		}
		return "";
	}

	private static String unquote(String value) {
		boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
		return quoted ? value.substring(1, value.length() - 1) : value;
	}

	/**
	 * Returns the client. Searches from the end of the list to its beginning, for the
	 * first address on this way that is not a trusted proxy's. If all addresses are
	 * trusted, the client is the one at the beginning. An element that cannot be read,
	 * such as {@code unknown}, ends the search, because everything to its left may be
	 * invented. The client is then the address to its right, or the proxy if there is
	 * none.
	 * @param proxy the trusted proxy that sent the header
	 */
	InetSocketAddress client(InetSocketAddress proxy, TrustedProxies trusted) {
		InetSocketAddress client = proxy;
		for (String element : this.elements.reversed()) {
			InetSocketAddress hop = parse(element.strip());
			if (hop == null) {
				return client;
			}
			client = hop;
			if (!trusted.contain(hop)) {
				return client;
			}
		}
		return client;
	}

	/**
	 * Reads an address with or without a port. A missing port is 0. An IPv6 address needs
	 * brackets only if a port follows.
	 * @return the address; null if it cannot be read
	 */
	static @Nullable InetSocketAddress parse(String text) {
		if (NetUtil.isValidIpV6Address(text)) {
			return address(text, "");
		}
		int bracket = text.lastIndexOf(']');
		int colon = text.indexOf(':', Math.max(bracket, 0));
		String host = (colon < 0) ? text : text.substring(0, colon);
		return address(host, (colon < 0) ? "" : text.substring(colon + 1));
	}

	private static @Nullable InetSocketAddress address(String host, String port) {
		boolean plain = port.length() <= 5 && port.chars().allMatch((c) -> c >= '0' && c <= '9');
		// An obfuscated port such as _abc (RFC 7239 section 6.2) counts as missing.
		int number = (plain && !port.isEmpty()) ? Integer.parseInt(port) : 0;
		InetAddress address = port.contains(":") ? null : AgentAddress.parse(host);
		return (address != null) ? new InetSocketAddress(address, (number <= HIGHEST_PORT) ? number : 0) : null;
	}

}
