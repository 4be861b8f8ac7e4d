package dev.switchboard.handshake;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

import dev.switchboard.time.LogLimit;
import dev.switchboard.time.TimeSource;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.util.AttributeKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the PROXY protocol header, version 1 or 2, with which a trusted proxy begins each
 * connection. If a connection of a trusted proxy does not begin with a header, it is
 * closed. Otherwise, a client behind a proxy that sends no headers could send one itself.
 * The connections of other peers are not searched for a header, so a header on them is a
 * malformed request. Thread-safe.
 */
@Sharable
final class ProxyHeader extends SimpleChannelInboundHandler<HAProxyMessage> {

	private static final Logger logger = LoggerFactory.getLogger(ProxyHeader.class);

	private static final AttributeKey<Boolean> REFUSED = AttributeKey.valueOf("switchboard.proxy-header-refused");

	private static final Duration LOG_PAUSE = Duration.ofSeconds(10);

	/**
	 * The largest size of the extensions that load balancers add to a header, such as the
	 * client's certificate.
	 */
	private static final int MAX_EXTENSION_BYTES = 8 * 1024;

	private final TrustedProxies trusted;

	private final Counter refused;

	private final LogLimit logLimit;

	ProxyHeader(TrustedProxies trusted, MeterRegistry meters, TimeSource time) {
		this.trusted = trusted;
		this.refused = Counter.builder("switchboard.proxy.headers.refused")
			.description("Connections of trusted proxies that were closed for want of a valid PROXY protocol header")
			.register(meters);
		this.logLimit = new LogLimit(LOG_PAUSE, time);
	}

	/**
	 * Makes a channel's pipeline read the header first, if the channel's peer is a
	 * trusted proxy.
	 */
	void expectOn(Channel channel) {
		if (channel.remoteAddress() instanceof InetSocketAddress peer && this.trusted.contain(peer)) {
			channel.pipeline().addFirst(new HAProxyMessageDecoder(MAX_EXTENSION_BYTES), this);
		}
	}

	/**
	 * Takes the client's address from the header. The header has no address if the
	 * connection is the proxy's own, such as a health check, or if the client is
	 * connected to the proxy by another protocol than IP.
	 */
	@Override
	protected void channelRead0(ChannelHandlerContext context, HAProxyMessage header) {
		String source = header.sourceAddress();
		if (header.command() == HAProxyCommand.PROXY && source != null) {
			InetAddress address = AgentAddress.parse(source);
			if (address != null) {
				context.channel()
					.attr(AgentAddress.OF_PROXY_HEADER)
					.set(new InetSocketAddress(address, header.sourcePort()));
			}
		}
		context.pipeline().remove(this);
		context.read();
	}

	/**
	 * Closes the connection, and counts and logs it once, even if the decoder fails
	 * several times on it.
	 */
	@Override
	public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
		context.close();
		if (context.channel().attr(REFUSED).setIfAbsent(true) != null) {
			return;
		}
		this.refused.increment();
		this.logLimit.tryLog()
			.ifPresent((heldBack) -> logger.warn(
					"{}, a trusted proxy, began a connection without a valid PROXY protocol header "
							+ "(further connections since the last such line: {})",
					context.channel().remoteAddress(), heldBack));
	}

}
