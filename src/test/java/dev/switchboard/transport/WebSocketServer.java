package dev.switchboard.transport;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

import dev.switchboard.time.TimeSource;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.LoopResources;

import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.WebSocketSession;
import org.springframework.web.reactive.socket.server.support.HandshakeWebSocketService;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.adapter.WebHttpHandlerBuilder;
import org.springframework.web.server.handler.ResponseStatusExceptionHandler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A server of the transport under test on an ephemeral port, one WebSocket handler for
 * all paths.
 */
final class WebSocketServer implements AutoCloseable {

	/** The kinds of wire under the sessions. */
	enum Kind {

		NIO, EPOLL, TLS, DETACHED

	}

	/**
	 * Fixed, so that the kernel does not take more later for a client that does not read.
	 */
	private static final int RECEIVE_BUFFER = 64 << 10;

	private final BlockingQueue<EventLoopSession> sessions = new LinkedBlockingQueue<>();

	private final LoopResources loops = LoopResources.create("test", 1, true);

	private final DisposableServer server;

	private final boolean tls;

	WebSocketServer(Kind kind, TransportSettings settings, WebSocketHandler handler) {
		this(kind, settings, handler, UnaryOperator.identity(), (exchange, chain) -> chain.filter(exchange));
	}

	WebSocketServer(Kind kind, TransportSettings settings, WebSocketHandler handler, UnaryOperator<HttpServer> http,
			WebFilter filter) {
		TakeoverUpgradeStrategy strategy = new TakeoverUpgradeStrategy(settings.withDetach(kind != Kind.EPOLL),
				TimeSource.SYSTEM);
		HandshakeWebSocketService service = new HandshakeWebSocketService(strategy);
		WebSocketHandler recording = new Recording(handler, this.sessions);
		HttpHandler webflux = WebHttpHandlerBuilder.webHandler((exchange) -> service.handleRequest(exchange, recording))
			.filter(filter)
			.exceptionHandler(new ResponseStatusExceptionHandler())
			.build();
		HttpServer plain = http.apply(HttpServer.create())
			.host("127.0.0.1")
			.port(0)
			.runOn(this.loops, kind != Kind.NIO)
			.handle(new ReactorHttpHandlerAdapter(webflux));
		this.tls = kind == Kind.TLS;
		this.server = (this.tls ? plain.secure(TestTls::server) : plain).bindNow();
	}

	/** A client that is connected, and has sent nothing. */
	TestClient open() throws Exception {
		Socket socket = this.tls ? TestTls.socket() : new Socket();
		socket.setReceiveBufferSize(RECEIVE_BUFFER);
		socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), this.server.port()));
		return new TestClient(socket);
	}

	/** A client whose socket is upgraded. */
	TestClient connect() throws Exception {
		return open().upgrade();
	}

	int port() {
		return this.server.port();
	}

	/** The next session that was opened. */
	EventLoopSession session() throws InterruptedException {
		EventLoopSession session = this.sessions.poll(10, TimeUnit.SECONDS);
		assertThat(session).isNotNull();
		return session;
	}

	@Override
	public void close() {
		close(Duration.ZERO);
	}

	/**
	 * Ends the event loop too. Without a quiet period Netty may do so before it closes
	 * the open channels.
	 */
	void close(Duration quietPeriod) {
		this.server.disposeNow();
		this.loops.disposeLater(quietPeriod, Duration.ofSeconds(10)).block();
	}

	private record Recording(WebSocketHandler handler,
			BlockingQueue<EventLoopSession> sessions) implements WebSocketHandler {

		@Override
		public List<String> getSubProtocols() {
			return this.handler.getSubProtocols();
		}

		@Override
		public Mono<Void> handle(WebSocketSession session) {
			this.sessions.add((EventLoopSession) session);
			return this.handler.handle(session);
		}

	}

}
