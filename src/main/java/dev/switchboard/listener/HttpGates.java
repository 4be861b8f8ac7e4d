package dev.switchboard.listener;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

import dev.switchboard.time.TimeSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.ssl.SslHandler;
import reactor.netty.NettyPipeline;

/**
 * Puts an {@link HttpGate} on each connection of the HTTP listeners. Thread-safe.
 */
public final class HttpGates {

	private final MeterRegistry meters;

	private final TimeSource time;

	private final Map<String, RefusedRequests> listeners = new ConcurrentHashMap<>();

	public HttpGates(MeterRegistry meters, TimeSource time) {
		this.meters = meters;
		this.time = time;
	}

	/**
	 * Guards a new connection of a server of Reactor Netty.
	 * @param listener the name of the listener in metrics and in the log
	 */
	public void guard(Channel channel, String listener) {
		guard(channel, listener, () -> false);
	}

	private void guard(Channel channel, String listener, BooleanSupplier lastAnswers) {
		ChannelPipeline pipeline = channel.pipeline();
		if (pipeline.get(NettyPipeline.HttpCodec) != null && pipeline.get(HttpGate.NAME) == null) {
			RefusedRequests refused = this.listeners.computeIfAbsent(listener,
					(name) -> new RefusedRequests(name, this.meters, this.time));
			pipeline.addAfter(NettyPipeline.HttpCodec, HttpGate.NAME, new HttpGate(refused, lastAnswers));
		}
	}

	/**
	 * Guards a new connection. The peer may close its sending side, and still gets the
	 * answers to its requests. With TLS this is not possible, because the end of TLS ends
	 * both sides.
	 */
	void guardHalfClosed(Channel channel, String listener) {
		guard(channel, listener);
		allowHalfClosure(channel);
	}

	/** Guards a new connection of the API as {@link #guardHalfClosed} does. */
	void guardApi(Channel channel, ApiConnections connections) {
		guard(channel, "api", connections::areAnswersLast);
		allowHalfClosure(channel);
		if (channel.pipeline().get(HttpGate.NAME) instanceof HttpGate gate) {
			connections.add(channel, gate);
		}
	}

	private static void allowHalfClosure(Channel channel) {
		ChannelPipeline pipeline = channel.pipeline();
		if (channel instanceof EpollSocketChannel && pipeline.get(HttpGate.NAME) != null
				&& pipeline.get(SslHandler.class) == null) {
			channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
		}
	}

}
