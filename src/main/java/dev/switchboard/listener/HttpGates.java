package dev.switchboard.listener;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

import dev.switchboard.time.Chance;
import dev.switchboard.time.TimeSource;
import dev.switchboard.tls.TlsHandshakes;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.epoll.EpollSocketChannel;
import reactor.netty.NettyPipeline;

/**
 * Puts an {@link HttpGate} on each connection of the HTTP listeners. Thread-safe.
 */
public final class HttpGates {

	private final MeterRegistry meters;

	private final TimeSource time;

	private final CallAdmission.Loops admissions;

	private final Chance chance;

	private final PortGuards ports;

	private final Map<String, RefusedRequests> listeners = new ConcurrentHashMap<>();

	/**
	 * @param admissions decide which calls the API takes
	 * @param ports limit what the peers of the API and of the management port may do
	 */
	public HttpGates(MeterRegistry meters, TimeSource time, CallAdmission.Loops admissions, Chance chance,
			PortGuards ports) {
		this.ports = ports;
		this.meters = meters;
		this.time = time;
		this.admissions = admissions;
		this.chance = chance;
	}

	/**
	 * Guards a new connection of a server of Reactor Netty.
	 * @param listener the name of the listener in metrics and in the log
	 */
	public void guard(Channel channel, String listener) {
		guard(channel, listener, () -> {
		});
	}

	/**
	 * Guards a new connection of a server of Reactor Netty.
	 * @param listener the name of the listener in metrics and in the log
	 * @param malformed is called on the event loop when a request on the connection is
	 * refused because it is malformed
	 */
	public void guard(Channel channel, String listener, Runnable malformed) {
		guard(channel, listener, malformed, () -> false);
	}

	private void guard(Channel channel, String listener, Runnable malformed, BooleanSupplier lastAnswers) {
		ChannelPipeline pipeline = channel.pipeline();
		if (pipeline.get(NettyPipeline.HttpCodec) != null && pipeline.get(HttpGate.NAME) == null) {
			RefusedRequests refused = this.listeners.computeIfAbsent(listener,
					(name) -> new RefusedRequests(name, this.meters, this.time));
			pipeline.addAfter(NettyPipeline.HttpCodec, HttpGate.NAME, new HttpGate((why, peer) -> {
				malformed.run();
				refused.count(why, peer);
			}, lastAnswers));
		}
	}

	/**
	 * Guards a new connection of the management port. The peer may close its sending
	 * side, and still gets the answers to its requests. With TLS this is not possible,
	 * because the end of TLS ends both sides.
	 */
	void guardManagement(Channel channel) {
		guard(channel, "management");
		allowHalfClosure(channel);
		this.ports.guard(channel, "management");
	}

	/**
	 * Guards a new connection of the API as {@link #guardManagement} does, and refuses
	 * calls that the node has no time for.
	 */
	void guardApi(Channel channel, ApiConnections connections) {
		guard(channel, "api", () -> {
		}, connections::areAnswersLast);
		allowHalfClosure(channel);
		if (channel.pipeline().get(HttpGate.NAME) instanceof HttpGate gate) {
			connections.add(channel, gate);
			CallAdmission admission = this.admissions.on(channel.eventLoop());
			channel.pipeline().addAfter(HttpGate.NAME, CallGate.NAME, new CallGate(gate, admission, this.chance));
			this.ports.guard(channel, "api");
		}
	}

	private static void allowHalfClosure(Channel channel) {
		ChannelPipeline pipeline = channel.pipeline();
		if (channel instanceof EpollSocketChannel && pipeline.get(HttpGate.NAME) != null
				&& !TlsHandshakes.isOn(channel)) {
			channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
		}
	}

}
