package dev.switchboard.handshake;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import io.netty.util.NetUtil;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * Finds the address that an agent connects from. Normally this is the address of its
 * socket. If the socket is a trusted proxy's, it is the address that the proxy reports,
 * by PROXY protocol or in a header. Thread-safe.
 */
final class AgentAddress {

	/** The channel's attribute with the address from the PROXY protocol header. */
	static final AttributeKey<InetSocketAddress> OF_PROXY_HEADER = AttributeKey
		.valueOf("switchboard.address-of-proxy-header");

	private final TrustedProxies trusted;

	AgentAddress(TrustedProxies trusted) {
		this.trusted = trusted;
	}

	/**
	 * Returns the address that a handshake comes from. A malformed header is no error:
	 * the result is then the last address that a trusted proxy has reported, or the
	 * proxy's own address.
	 * @return the address, whose port is 0 if the port is not known; null if the socket
	 * has no address any more, because it is closed
	 */
	@Nullable InetSocketAddress of(ServerHttpRequest handshake) {
		InetSocketAddress peer = peer(handshake);
		return (peer != null && this.trusted.contain(peer)) ? client(peer, handshake.getHeaders()) : peer;
	}

	/**
	 * Returns the address that a connection comes from, before any request on it is read.
	 * @return the address; null if the peer is a proxy, which reports the address later,
	 * or if the socket has no address
	 */
	@Nullable InetSocketAddress of(Channel channel) {
		InetSocketAddress reported = channel.attr(OF_PROXY_HEADER).get();
		InetSocketAddress peer = (channel.remoteAddress() instanceof InetSocketAddress remote) ? remote : null;
		InetSocketAddress client = (reported != null) ? reported : peer;
		return this.trusted.contain(client) ? null : client;
	}

	private static @Nullable InetSocketAddress peer(ServerHttpRequest handshake) {
		InetSocketAddress reported = UpgradeRequest.channel(handshake).attr(OF_PROXY_HEADER).get();
		return (reported != null) ? reported : handshake.getRemoteAddress();
	}

	/**
	 * Returns the client of a trusted proxy, according to the headers. A proxy writes
	 * {@code Forwarded} or {@code X-Forwarded-For}, and may pass the other one on as the
	 * client sent it. So if both headers are there, they have to agree; if they do not,
	 * the result is the proxy's address.
	 */
	InetSocketAddress client(InetSocketAddress proxy, HttpHeaders headers) {
		List<String> forwarded = headers.getOrEmpty("Forwarded");
		List<String> forwardedFor = headers.getOrEmpty("X-Forwarded-For");
		InetSocketAddress first = ReportedHops.ofForwardedFor(forwardedFor).client(proxy, this.trusted);
		InetSocketAddress second = ReportedHops.ofForwarded(forwarded).client(proxy, this.trusted);
		if (forwarded.isEmpty() || forwardedFor.isEmpty()) {
			return forwarded.isEmpty() ? first : second;
		}
		return first.getAddress().equals(second.getAddress()) ? first : proxy;
	}

	/**
	 * Reads an IP address, which may be in brackets; looks no name up. Reads an
	 * IPv4-mapped IPv6 address as the IPv4 address.
	 * @return the address; null if the text is not an address
	 */
	static @Nullable InetAddress parse(String text) {
		byte[] bytes = NetUtil.createByteArrayFromIpAddressString(text);
		try {
			return (bytes != null) ? InetAddress.getByAddress(bytes) : null;
		}
		catch (UnknownHostException ex) {
			return null;
		}
	}

}
