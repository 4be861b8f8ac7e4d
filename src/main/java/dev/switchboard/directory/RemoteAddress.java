package dev.switchboard.directory;

import org.jspecify.annotations.Nullable;

/**
 * The address that an agent connects from. The table has host and port in two columns,
 * because the host alone decides whether two connections come from one machine.
 *
 * @param host the host's address
 * @param port the port on that host; null if it is not known
 */
record RemoteAddress(String host, @Nullable Integer port) {

	/** Splits {@code address:port}; the port may be missing. */
	static @Nullable RemoteAddress parse(@Nullable String text) {
		if (text == null) {
			return null;
		}
		int colon = text.lastIndexOf(':');
		return (colon < 0) ? new RemoteAddress(text, null)
				: new RemoteAddress(text.substring(0, colon), Integer.valueOf(text.substring(colon + 1)));
	}

	@Override
	public String toString() {
		return (this.port != null) ? this.host + ":" + this.port : this.host;
	}

}
