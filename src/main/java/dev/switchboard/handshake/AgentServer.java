package dev.switchboard.handshake;

import java.time.Duration;
import java.util.function.IntSupplier;

import dev.switchboard.connection.ConnectionRegistry;
import dev.switchboard.problem.PortRefusal;
import dev.switchboard.problem.SettingsRefusedException;
import dev.switchboard.protocol.DisconnectReason;
import dev.switchboard.time.TimeSource;
import io.netty.channel.Channel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.LoopResources;

import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;

/**
 * The listener of the agent port. It is separate from the API's listener, since agents
 * come from the internet and backends do not. It stops after the API has completed its
 * requests, so that calls in flight still get their answers.
 *
 * <p>
 * Starting blocks the caller until the port is bound. Nothing else here blocks.
 */
public final class AgentServer implements SmartLifecycle {

	private static final Duration LONGEST_STOP = Duration.ofSeconds(6);

	private static final Duration STOP_CHECK = Duration.ofMillis(20);

	private static final int MAX_HEADER_BYTES = 16 * 1024;

	/**
	 * Unsent bytes that the kernel may hold beyond the agent's TCP window. By default the
	 * kernel holds about 4 MB for an agent that reads nothing. The gateway does not count
	 * bytes that the kernel holds, and cannot withdraw a call that is among them.
	 */
	private static final long MAX_UNSENT_IN_KERNEL = 64 * 1024;

	private final AgentPortSettings settings;

	private final HttpHandler handler;

	private final HandshakeAdmission admission;

	private final ConnectionRegistry registry;

	private final LoopResources loops;

	private final IntSupplier openSockets;

	private final AcceptFailures acceptFailures;

	private final @Nullable ProxyHeader proxyHeader;

	private final HandshakeTimeSlices timeSlices;

	private final HandshakeBytes bytes;

	private final TimeSource time;

	private final AgentDoor door;

	private volatile @Nullable DisposableServer server;

	/**
	 * @param handler answers the requests
	 * @param admission admits the handshakes; it refuses them once the server stops
	 * @param openSockets the number of agents' sockets, including those that are closing
	 * @param proxyHeader reads the headers of the PROXY protocol; null if it is off
	 * @param door stands before the HTTP of each connection
	 * @param bytes counts the bytes of the handshakes
	 */
	AgentServer(AgentPortSettings settings, HttpHandler handler, HandshakeAdmission admission,
			ConnectionRegistry registry, LoopResources loops, IntSupplier openSockets, AcceptFailures acceptFailures,
			@Nullable ProxyHeader proxyHeader, AgentDoor door, HandshakeBytes bytes, TimeSource time) {
		this.settings = settings;
		this.handler = handler;
		this.admission = admission;
		this.registry = registry;
		this.loops = loops;
		this.openSockets = openSockets;
		this.acceptFailures = acceptFailures;
		this.proxyHeader = proxyHeader;
		this.door = door;
		this.timeSlices = new HandshakeTimeSlices(time);
		this.bytes = bytes;
		this.time = time;
	}

	@Override
	public void start() {
		HttpServer unbound = limitUnsent(HttpServer.create()).runOn(this.loops)
			.port(this.settings.port())
			.httpRequestDecoder((decoder) -> decoder.maxHeaderSize(MAX_HEADER_BYTES))
			.doOnChannelInit((_, channel, _) -> prepare(channel))
			.doOnBound((listening) -> {
				this.door.listening(listening.channel(), this.acceptFailures::reserved);
				listening.channel().pipeline().addFirst(this.acceptFailures);
			})
			.handle(new ReactorHttpHandlerAdapter(this.handler));
		if (this.settings.address() != null) {
			unbound = unbound.host(this.settings.address());
		}
		this.server = bind(unbound);
	}

	/**
	 * @throws SettingsRefusedException if the port cannot be opened
	 */
	private DisposableServer bind(HttpServer unbound) {
		try {
			return unbound.bindNow();
		}
		catch (RuntimeException ex) {
			throw PortRefusal.of("switchboard.agent", this.settings.port(), ex);
		}
	}

	private void prepare(Channel channel) {
		this.door.guard(channel);
		if (this.proxyHeader != null) {
			this.proxyHeader.expectOn(channel);
		}
		channel.pipeline()
			.addFirst(new HandshakeTimeout(this.settings.handshakeTimeout(), this.door::failed, this.time),
					this.bytes.handler(), this.timeSlices.handler());
	}

	private static HttpServer limitUnsent(HttpServer server) {
		return Epoll.isAvailable() ? server.childOption(EpollChannelOption.TCP_NOTSENT_LOWAT, MAX_UNSENT_IN_KERNEL)
				: server;
	}

	/** Returns the port that the server listens on; 0 while it does not listen. */
	public int port() {
		DisposableServer bound = this.server;
		return (bound != null) ? bound.port() : 0;
	}

	/**
	 * Closes all connections. Closes the port when all sockets are closed, or after six
	 * seconds.
	 */
	@Override
	public void stop(Runnable stopped) {
		this.admission.drain();
		this.registry.forEach((connection) -> connection.close(DisconnectReason.NODE_LEAVING));
		Flux.interval(STOP_CHECK)
			.takeUntil((_) -> this.openSockets.getAsInt() == 0)
			.take(LONGEST_STOP)
			.doFinally((_) -> {
				stop();
				stopped.run();
			})
			.subscribe();
	}

	@Override
	public void stop() {
		DisposableServer bound = this.server;
		this.server = null;
		if (bound != null) {
			bound.dispose();
		}
	}

	@Override
	public boolean isRunning() {
		return this.server != null;
	}

	@Override
	public int getPhase() {
		return WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE - 1024;
	}

}
