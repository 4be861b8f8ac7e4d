package dev.switchboard.security;

import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * The origin of a web page (RFC 6454 section 6.2), in lower case.
 *
 * @param scheme such as {@code https}
 * @param host a name or an address; an IPv6 address is in brackets
 * @param port the port; null if it is the scheme's default port
 */
record Origin(String scheme, String host, @Nullable Integer port) {

	private static final String HOST = "([^/?#@\\s*:\\[\\]]+|\\[[0-9a-f:.]+])(?::([0-9]{1,5}))?";

	private static final Pattern ORIGIN = Pattern.compile("([a-z][a-z0-9+.-]*)://" + HOST);

	private static final Pattern AUTHORITY = Pattern.compile(HOST);

	private static final Map<String, Integer> PORTS = Map.of("http", 80, "ws", 80, "https", 443, "wss", 443);

	/**
	 * Reads the value of an {@code Origin} header.
	 * @return the origin; null if the value is not an origin, such as the text
	 * {@code null}
	 */
	static @Nullable Origin parse(String text) {
		Matcher matcher = ORIGIN.matcher(text.toLowerCase(Locale.ROOT));
		if (!matcher.matches()) {
			return null;
		}
		Integer port = number(matcher.group(3));
		Integer usual = PORTS.get(matcher.group(1));
		return new Origin(matcher.group(1), matcher.group(2), (port != null && port.equals(usual)) ? null : port);
	}

	private static @Nullable Integer number(@Nullable String digits) {
		return (digits != null) ? Integer.valueOf(digits) : null;
	}

	/**
	 * Whether the page came from the server to which its request is sent. The scheme of
	 * the request is not known here, because a load balancer may have terminated TLS. So
	 * a missing port stands for 80 and for 443.
	 * @param authority the request's {@code Host}
	 */
	boolean isAt(String authority) {
		Matcher matcher = AUTHORITY.matcher(authority.toLowerCase(Locale.ROOT));
		if (!matcher.matches() || !matcher.group(1).equals(this.host)) {
			return false;
		}
		Integer connected = number(matcher.group(2));
		return isUsual(connected) ? isUsual(this.port) : Objects.equals(connected, this.port);
	}

	private static boolean isUsual(@Nullable Integer port) {
		return port == null || PORTS.containsValue(port);
	}

	@Override
	public String toString() {
		return this.scheme + "://" + this.host + ((this.port != null) ? ":" + this.port : "");
	}

}
