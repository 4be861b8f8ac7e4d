package dev.switchboard.listener;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import dev.switchboard.loop.EventLoops;
import dev.switchboard.time.Chance;
import dev.switchboard.time.TimeSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.resources.LoopResources;

/**
 * A server behind gates. At {@code /} it answers {@code fine}. At {@code /held} it
 * answers when the test says so. At {@code /stream} it answers with one line of a stream
 * at once, and with a second line when the test says so. At {@code /bare} it answers with
 * 400 and no body. At {@code /large} it answers with {@link #LARGE} bytes. It keeps how
 * the last request's body ended.
 */
final class GuardedServer implements AutoCloseable {

	/** More than the buffers of both sockets take. */
	static final int LARGE = 32 * 1024 * 1024;

	final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	final Sinks.One<String> held = Sinks.one();

	final CompletableFuture<Void> heldIsCancelled = new CompletableFuture<>();

	/** Completes with a body, or with its failure. */
	final CompletableFuture<String> body = new CompletableFuture<>();

	/** Whether calls and pushes are taken. */
	final AtomicBoolean admission = new AtomicBoolean(true);

	/** For how long a connection is not read after a refusal. */
	final AtomicInteger pauseMillis = new AtomicInteger();

	final ApiConnections connections = new ApiConnections();

	private final LoopResources loops = EventLoops.create();

	private final DisposableServer server;

	GuardedServer() {
		this(settings(Duration.ofMinutes(5), 1000, 100));
	}

	GuardedServer(ListenerSettings settings) {
		PortGuards ports = new PortGuards(settings, new DescriptorReserve(Integer.MAX_VALUE), this.meters,
				Chance.SYSTEM, TimeSource.SYSTEM);
		HttpGates gates = new HttpGates(this.meters, TimeSource.SYSTEM, (_) -> admission(), Chance.SYSTEM, ports);
		this.server = HttpServer.create()
			.runOn(this.loops)
			.host("127.0.0.1")
			.port(0)
			.doOnChannelInit((_, channel, _) -> gates.guardApi(channel, this.connections))
			.handle(this::answer)
			.bindNow();
	}

	/**
	 * Returns settings.
	 * @param timeout the time for heads, bodies and answers
	 */
	static ListenerSettings settings(Duration timeout, int connections, int sourceShare) {
		return new ListenerSettings(timeout, timeout, timeout, connections, connections, connections, connections,
				sourceShare);
	}

	private CallAdmission admission() {
		return new CallAdmission() {

			@Override
			public boolean admits() {
				return GuardedServer.this.admission.get();
			}

			@Override
			public long pauseNanos() {
				return Duration.ofMillis(GuardedServer.this.pauseMillis.get()).toNanos();
			}

		};
	}

	private Mono<Void> answer(HttpServerRequest request, HttpServerResponse response) {
		Mono<String> later = this.held.asMono().doOnCancel(() -> this.heldIsCancelled.complete(null));
		return switch (request.uri()) {
			case "/held" -> later.flatMap((text) -> response.sendString(Mono.just(text)).then());
			case "/stream" -> response.sse()
				.send(Mono.just("data:first\n\n").concatWith(later).map(GuardedServer::bytes), (_) -> true)
				.then();
			case "/bare" -> response.status(400).send();
			case "/large" -> response.sendByteArray(Mono.just(new byte[LARGE])).then();
			default -> request.receive()
				.aggregate()
				.asString()
				.defaultIfEmpty("")
				.doOnNext(this.body::complete)
				.doOnError(this.body::completeExceptionally)
				.then(response.sendString(Mono.just("fine")).then());
		};
	}

	private static ByteBuf bytes(String text) {
		return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
	}

	/** Returns the number of open connections. */
	double open() {
		return this.meters.get("switchboard.ports.connections").tag("listener", "api").gauge().value();
	}

	double refused() {
		return this.meters.find("switchboard.requests.malformed")
			.counters()
			.stream()
			.mapToDouble((counter) -> counter.count())
			.sum();
	}

	Socket connect() throws IOException {
		Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.server.port());
		socket.setSoTimeout((int) Duration.ofSeconds(15).toMillis());
		return socket;
	}

	/**
	 * Returns everything that the server answers to these bytes until it closes the
	 * connection.
	 */
	String answer(String request) {
		try (Socket socket = connect()) {
			socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
			return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		this.server.disposeNow();
		this.loops.disposeLater(Duration.ZERO, Duration.ofSeconds(5)).block();
	}

}
