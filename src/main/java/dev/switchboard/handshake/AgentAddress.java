package dev.switchboard.handshake;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;

import io.netty.util.AttributeKey;
import io.netty.util.NetUtil;
import org.jspecify.annotations.Nullable;
import reactor.netty.channel.ChannelOperations;

import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;

/**
 * Finds the address that an agent connects from: its socket's, or, if that is a trusted
 * proxy's, the one that the proxy reports, by PROXY protocol or in a header. Thread-safe.
 */
final class AgentAddress {

	/** The address in the PROXY protocol header of a channel. */
	static final AttributeKey<InetSocketAddress> OF_PROXY_HEADER = AttributeKey
		.valueOf("switchboard.address-of-proxy-header");

	private final TrustedProxies trusted;

	AgentAddress(TrustedProxies trusted) {
		this.trusted = trusted;
	}

	/**
	 * The address that a handshake comes from. A malformed header is no error: the
	 * address is the last that a trusted proxy has reported, or its own.
	 * @return the address, whose port is 0 if it is not known; null if the socket has
	 * none any more
	 */
	@Nullable InetSocketAddress of(ServerHttpRequest handshake) {
		InetSocketAddress peer = peer(handshake);
		return (peer != null && this.trusted.contain(peer)) ? client(peer, handshake.getHeaders()) : peer;
	}

	private static @Nullable InetSocketAddress peer(ServerHttpRequest handshake) {
		ChannelOperations<?, ?> request = ServerHttpRequestDecorator.getNativeRequest(handshake);
		InetSocketAddress reported = request.channel().attr(OF_PROXY_HEADER).get();
		return (reported != null) ? reported : handshake.getRemoteAddress();
	}

	/**
	 * The client of a trusted proxy, by its headers. A proxy writes one of the two and
	 * passes the other on as it came, so a client could choose its address by the other
	 * one: if there are both, they have to agree.
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
	 * Reads an IP address, which may be in brackets; no name is looked up. An IPv4
	 * address that is mapped into IPv6 is read as what it is.
	 * @return the address; null if the text is none
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
