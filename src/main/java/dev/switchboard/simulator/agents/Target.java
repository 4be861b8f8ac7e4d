package dev.switchboard.simulator.agents;

import java.net.InetSocketAddress;
import java.net.URI;

/**
 * The address and the path to connect to, without TLS.
 *
 * @param host the host's name or address
 * @param port the port
 * @param path the path, which is at least {@code /}
 */
public record Target(String host, int port, String path) {

	/**
	 * Reads an absolute URL.
	 * @throws IllegalArgumentException if the URL has no host, no port, or a scheme that
	 * is not the given one
	 */
	public static Target of(URI url, String scheme, String defaultPath) {
		if (!scheme.equals(url.getScheme()) || url.getHost() == null || url.getPort() < 0) {
			throw new IllegalArgumentException("must look like " + scheme + "://127.0.0.1:8080: " + url);
		}
		String path = url.getRawPath().isEmpty() ? defaultPath : url.getRawPath();
		return new Target(url.getHost(), url.getPort(), path);
	}

	public String authority() {
		return this.host + ":" + this.port;
	}

	public InetSocketAddress address() {
		return new InetSocketAddress(this.host, this.port);
	}

}
