package dev.switchboard.handshake;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

import io.netty.util.NetUtil;
import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * The addresses that one header reports, in their order: each proxy has added the address
 * that it was connected from at the end. So only the end was written by proxies that are
 * known, and the beginning may be the client's invention.
 *
 * @param elements the header's elements
 */
record ReportedHops(List<String> elements) {

	private static final int HIGHEST_PORT = 65_535;

	/**
	 * The values of {@code X-Forwarded-For}.
	 * @param lines the header's lines
	 */
	static ReportedHops ofForwardedFor(List<String> lines) {
		return new ReportedHops(List.of(StringUtils.commaDelimitedListToStringArray(String.join(",", lines))));
	}

	/**
	 * The {@code for} parameters of {@code Forwarded} (RFC 7239). A comma or a semicolon
	 * in quotes does not occur in an address, so quotes need no further attention.
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
	 * The client: the last address that is not a trusted proxy's. If all are trusted, it
	 * is the first one. What cannot be read, such as {@code unknown}, ends the search,
	 * since nothing before it is certain.
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
	 * Reads an address with or without a port, which is 0 if it is missing. An IPv6
	 * address needs brackets only if a port follows.
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
		// An obfuscated port (RFC 7239 section 6.2) is no port.
		int number = (plain && !port.isEmpty()) ? Integer.parseInt(port) : 0;
		InetAddress address = port.contains(":") ? null : AgentAddress.parse(host);
		return (address != null) ? new InetSocketAddress(address, (number <= HIGHEST_PORT) ? number : 0) : null;
	}

}
