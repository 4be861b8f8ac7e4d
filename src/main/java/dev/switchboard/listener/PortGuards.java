package dev.switchboard.listener;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

import dev.switchboard.time.Chance;
import dev.switchboard.time.TimeSource;
import dev.switchboard.tls.TlsHandshakes;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import org.jspecify.annotations.Nullable;
import reactor.netty.NettyPipeline;

/**
 * What each port bears of its peers: how many connections, how slow ones, and how many of
 * the descriptors of the process. Thread-safe.
 */
public final class PortGuards {

	private final Map<String, ConnectionCap> caps = new HashMap<>();

	private final Map<String, SlowPeers> slow = new HashMap<>();

	private final Map<String, TlsHandshakes> tls = new ConcurrentHashMap<>();

	private final Duration handshakeLimit;

	private final DescriptorReserve reserve;

	private final MeterRegistry meters;

	/**
	 * Makes the guards of all ports.
	 * @param reserve divides the descriptors
	 */
	public PortGuards(ListenerSettings settings, DescriptorReserve reserve, MeterRegistry meters, Chance chance,
			TimeSource time) {
		this.reserve = reserve;
		this.meters = meters;
		this.handshakeLimit = settings.headTimeout();
		Map<String, Integer> limits = Map.of("api", settings.maxApiConnections(), "management",
				settings.maxManagementConnections(), "agent", settings.maxHandshakes(), "forwarding",
				settings.maxForwardingConnections());
		limits.forEach((listener, limit) -> this.caps.put(listener,
				new ConnectionCap(new PortConnections(listener, limit, settings.sourceShare(), meters), chance)));
		this.slow.put("api", new SlowPeers("api", settings, meters, time));
		this.slow.put("management", new SlowPeers("management", settings, meters, time));
	}

	/** Guards a new connection of the API or of the management port. */
	void guard(Channel channel, String listener) {
		if (TlsHandshakes.isOn(channel)) {
			this.tls.computeIfAbsent(listener, (name) -> new TlsHandshakes(name, this.handshakeLimit, this.meters))
				.watch(channel, NettyPipeline.SslReader);
		}
		if (cap(listener).guard(channel, channel.remoteAddress())) {
			slow(listener).watch(channel);
		}
	}

	/**
	 * Counts a new connection of the agent port until it is upgraded, or refuses it.
	 * @param from the address that it comes from; null if it is not known, or a proxy's
	 */
	public void guardHandshake(Channel channel, @Nullable InetSocketAddress from) {
		cap("agent").guard(channel, from);
	}

	/**
	 * Lets the listening channel of the agent port leave some descriptors to the API and
	 * to the management port.
	 * @param paused is called once a second while nothing is accepted for this reason
	 */
	public void guardAgentPort(Channel listening, Runnable paused) {
		listening.pipeline().addFirst(pause("agent", this.reserve.markOfAgents(), paused));
	}

	/**
	 * Returns what stands before the acceptor of the forwarding port: it limits the
	 * connections, and leaves descriptors to the API and to the management port.
	 */
	public ChannelHandler forwarding() {
		AcceptPause pause = pause("forwarding", this.reserve.markOfAgents(), () -> {
		});
		return new ChannelInitializer<Channel>() {

			@Override
			protected void initChannel(Channel listening) {
				listening.pipeline().addLast(pause, cap("forwarding").silent());
			}

		};
	}

	/** Lets the listening channel of the API leave some descriptors to management. */
	void guardApiPort(Channel listening) {
		listening.pipeline().addFirst(pause("api", this.reserve.markOfApi(), () -> {
		}));
	}

	private AcceptPause pause(String listener, long mark, Runnable paused) {
		Counter pauses = Counter.builder("switchboard.ports.paused")
			.description("Seconds in which a port accepted no connection, to leave descriptors to other ports")
			.tag("listener", listener)
			.register(this.meters);
		return new AcceptPause(mark, () -> {
			pauses.increment();
			paused.run();
		});
	}

	private ConnectionCap cap(String listener) {
		return Objects.requireNonNull(this.caps.get(listener));
	}

	private SlowPeers slow(String listener) {
		return Objects.requireNonNull(this.slow.get(listener));
	}

}
