package dev.switchboard.handshake;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.IntSupplier;

import dev.switchboard.connection.ConnectionRegistry;
import dev.switchboard.protocol.DisconnectReason;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.LoopResources;

import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;

/**
 * The agent port: a Reactor Netty server of its own, since agents come from the internet
 * and backends do not. It closes after the API has finished its requests, so that calls
 * in flight still get their answers.
 */
public final class AgentServer implements SmartLifecycle {

	private static final Logger LOG = LoggerFactory.getLogger(AgentServer.class);

	private static final Duration LONGEST_STOP = Duration.ofSeconds(6);

	private static final int MAX_HEADER_BYTES = 16 * 1024;

	/**
	 * Bytes that the kernel takes beyond what the agent has room for. By itself it takes
	 * some 4 MB for an agent that reads nothing, on no limit's account, and a call that
	 * waits there cannot be taken back.
	 */
	private static final long MAX_UNSENT_IN_KERNEL = 64 * 1024;

	private final AgentPortSettings settings;

	private final HttpHandler handler;

	private final AgentEndpoint endpoint;

	private final ConnectionRegistry registry;

	private final LoopResources loops;

	private final IntSupplier sockets;

	private final AcceptFailures acceptFailures;

	private final HandshakeTurns turns = new HandshakeTurns();

	private volatile @Nullable DisposableServer server;

	/**
	 * @param sockets how many agents' sockets are open, which counts those that close
	 */
	public AgentServer(AgentPortSettings settings, HttpHandler handler, AgentEndpoint endpoint,
			ConnectionRegistry registry, LoopResources loops, IntSupplier sockets, AcceptFailures acceptFailures) {
		this.settings = settings;
		this.handler = handler;
		this.endpoint = endpoint;
		this.registry = registry;
		this.loops = loops;
		this.sockets = sockets;
		this.acceptFailures = acceptFailures;
	}

	@Override
	public void start() {
		HttpServer unbound = bounded(HttpServer.create()).runOn(this.loops)
			.port(this.settings.port())
			.httpRequestDecoder((decoder) -> decoder.maxHeaderSize(MAX_HEADER_BYTES))
			.doOnChannelInit((_, channel, _) -> channel.pipeline()
				.addFirst(new HandshakeTimeout(this.settings.handshakeTimeout()), this.turns.handler()))
			.doOnBound((listening) -> listening.channel().pipeline().addFirst(this.acceptFailures))
			.handle(new ReactorHttpHandlerAdapter(this.handler));
		if (this.settings.address() != null) {
			unbound = unbound.host(this.settings.address());
		}
		DisposableServer bound = unbound.bindNow();
		this.server = bound;
		LOG.info("Agents connect to port {}", ((InetSocketAddress) bound.address()).getPort());
	}

	private static HttpServer bounded(HttpServer server) {
		return Epoll.isAvailable() ? server.childOption(EpollChannelOption.TCP_NOTSENT_LOWAT, MAX_UNSENT_IN_KERNEL)
				: server;
	}

	/** The port that it listens on; 0 while it does not. */
	public int port() {
		DisposableServer bound = this.server;
		return (bound != null) ? bound.port() : 0;
	}

	@Override
	public void stop(Runnable stopped) {
		this.endpoint.drain();
		this.registry.forEach((connection) -> connection.close(DisconnectReason.NODE_LEAVING));
		Flux.interval(Duration.ofMillis(20))
			.takeUntil((_) -> this.sockets.getAsInt() == 0)
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
