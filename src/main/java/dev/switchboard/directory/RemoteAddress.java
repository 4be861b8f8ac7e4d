package dev.switchboard.directory;

import java.net.InetAddress;

import io.netty.util.NetUtil;
import org.jspecify.annotations.Nullable;

/**
 * The address that an agent connects from. The table has host and port in two columns.
 *
 * @param host the host's address; an IPv6 address has no brackets
 * @param port the port on that host; null if it is not known
 */
record RemoteAddress(String host, @Nullable Integer port) {

	/**
	 * Splits {@code address:port}; the port may be missing. An IPv6 address with a port
	 * is in brackets; one without brackets has no port.
	 */
	static @Nullable RemoteAddress parse(@Nullable String text) {
		if (text == null) {
			return null;
		}
		int bracket = text.indexOf(']');
		int colon = text.indexOf(':', Math.max(bracket, 0));
		if (bracket < 0 && colon != text.lastIndexOf(':')) {
			return new RemoteAddress(text, null);
		}
		String host = (colon < 0) ? text : text.substring(0, colon);
		return new RemoteAddress((bracket < 0) ? host : host.substring(1, bracket),
				(colon < 0) ? null : Integer.valueOf(text.substring(colon + 1)));
	}

	@Override
	public String toString() {
		String shown = this.host.contains(":") ? "[" + compressed(this.host) + "]" : this.host;
		return (this.port != null) ? shown + ":" + this.port : shown;
	}

	/**
	 * Compresses an IPv6 address, because rows that older versions wrote have addresses
	 * that are not compressed.
	 */
	private static String compressed(String host) {
		InetAddress address = NetUtil.createInetAddressFromIpAddressString(host);
		return (address != null) ? NetUtil.toAddressString(address) : host;
	}

}
