package dev.switchboard.agent;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.switchboard.json.Payload;
import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.Frame;
import dev.switchboard.protocol.FrameCodec;
import dev.switchboard.protocol.TestIds;
import io.netty.handler.codec.http.HttpHeaders;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;

/** The gateway's side of one connection, as a test plays it. */
public final class ScriptedConnection {

	static final long MAX_FRAME = 4096;

	private final Sinks.Many<String> outgoing = Sinks.many().unicast().onBackpressureBuffer();

	private final BlockingQueue<Frame> incoming = new LinkedBlockingQueue<>();

	private final BlockingQueue<Frame> hellos = new LinkedBlockingQueue<>();

	private final BlockingQueue<Integer> closed = new LinkedBlockingQueue<>();

	private final AtomicInteger closeCode = new AtomicInteger(1000);

	private final String uri;

	private final HttpHeaders headers;

	ScriptedConnection(String uri, HttpHeaders headers) {
		this.uri = uri;
		this.headers = headers;
	}

	String uri() {
		return this.uri;
	}

	public HttpHeaders headers() {
		return this.headers;
	}

	Mono<Void> write(WebsocketOutbound out) {
		return out.sendString(this.outgoing.asFlux(), StandardCharsets.UTF_8)
			.then()
			.then(Mono.defer(() -> out.sendClose(this.closeCode.get(), "")));
	}

	Mono<Void> read(WebsocketInbound in) {
		var _ = in.receiveCloseStatus().subscribe((status) -> this.closed.add(status.code()));
		return in.aggregateFrames()
			.receive()
			.asString(StandardCharsets.UTF_8)
			.doOnNext(this::receive)
			.doFinally((_) -> this.outgoing.tryEmitComplete())
			.then();
	}

	private void receive(String message) {
		if (message.isEmpty()) {
			return; // A ping that is not answered.
		}
		Frame frame = Objects.requireNonNull(FrameCodec.decodeFromAgent(message.getBytes(StandardCharsets.UTF_8)));
		BlockingQueue<Frame> queue = (frame instanceof Frame.Hello) ? this.hellos : this.incoming;
		queue.add(frame);
	}

	void welcome(long epoch) {
		welcome(epoch, 30_000);
	}

	void welcome(long epoch, long heartbeatMillis) {
		send(new Frame.Welcome(TestIds.connection(), epoch, TestIds.node(), heartbeatMillis, MAX_FRAME, 4, 1, 10));
	}

	void send(Frame frame) {
		sendText(new String(FrameCodec.encode(frame), StandardCharsets.UTF_8));
	}

	void sendText(String message) {
		this.outgoing.tryEmitNext(message).orThrow();
	}

	public CallId call(String method, String payload) {
		return call(TestIds.call(), method, payload, 60_000);
	}

	public CallId call(CallId id, String method, String payload, long ttlMillis) {
		send(new Frame.Call(id, method, ttlMillis, null, Payload.parse(payload)));
		return id;
	}

	/** The next frame of the agent, {@code hello} left out. */
	public Frame next() throws InterruptedException {
		return Objects.requireNonNull(this.incoming.poll(20, TimeUnit.SECONDS), "nothing came");
	}

	Frame hello() throws InterruptedException {
		return Objects.requireNonNull(this.hellos.poll(20, TimeUnit.SECONDS), "no hello came");
	}

	void close(int code) {
		this.closeCode.set(code);
		this.outgoing.tryEmitComplete().orThrow();
	}

	/** The code that the agent closed with. */
	int closedWith() throws InterruptedException {
		return Objects.requireNonNull(this.closed.poll(20, TimeUnit.SECONDS), "not closed");
	}

}
