package dev.switchboard.simulator.agents;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;

import dev.switchboard.json.Payload;
import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.Frame;
import dev.switchboard.protocol.FrameCodec;
import dev.switchboard.protocol.TestIds;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.WebsocketServerSpec;
import reactor.netty.http.websocket.WebsocketOutbound;

/**
 * An agent port whose connections send a test's messages, and record the messages that
 * come.
 */
public final class ScriptedGateway implements AutoCloseable {

	private static final WebsocketServerSpec SPEC = WebsocketServerSpec.builder()
		.maxFramePayloadLength(1 << 20)
		.protocols("switchboard.v1.json")
		.handlePing(true)
		.build();

	/** Text of every message that agents sent, and {@code pong} for each pong. */
	final Queue<String> received = new ConcurrentLinkedQueue<>();

	/** The identity that each handshake claimed, or its bearer token. */
	public final Queue<String> handshakes = new ConcurrentLinkedQueue<>();

	final Queue<Integer> closeCodes = new ConcurrentLinkedQueue<>();

	private final DisposableServer server;

	/** Answers a message of an agent; null for messages without an answer. */
	private final Function<String, @Nullable Frame> answers;

	/** Ends the connections that are open when it is called. */
	private final Sinks.Many<Boolean> ending = Sinks.many().multicast().directBestEffort();

	private ScriptedGateway(Function<WebsocketOutbound, Publisher<Void>> script) {
		this(script, (_) -> null);
	}

	private ScriptedGateway(Function<WebsocketOutbound, Publisher<Void>> script,
			Function<String, @Nullable Frame> answers) {
		this.answers = answers;
		this.server = HttpServer.create()
			.host("127.0.0.1")
			.port(0)
			.route((routes) -> routes.get("/v1/connect", (request, response) -> {
				this.handshakes.add(identity(request));
				return response.sendWebsocket((in, out) -> {
					Mono<Void> code = in.receiveCloseStatus()
						.doOnNext((status) -> this.closeCodes.add(status.code()))
						.then();
					Mono<Void> messages = in.receiveFrames().concatMap((frame) -> answer(frame, out)).then();
					return Flux.merge(Mono.from(script.apply(out)), messages, code.onErrorComplete())
						.takeUntilOther(this.ending.asFlux())
						.then();
				}, SPEC);
			}))
			.bindNow();
	}

	/** Accepts agents, and runs the script on each connection. */
	public static ScriptedGateway sending(Function<WebsocketOutbound, Publisher<Void>> script) {
		return new ScriptedGateway(script);
	}

	/**
	 * Welcomes agents, and answers their messages.
	 * @param answers gives the answer to a message; null for messages without one
	 */
	static ScriptedGateway answering(Function<String, @Nullable Frame> answers) {
		return new ScriptedGateway((out) -> out.sendObject(Mono.just(text(welcome()))), answers);
	}

	/** Ends all connections, without a close frame. */
	void disconnect() {
		this.ending.tryEmitNext(true).orThrow();
	}

	/** Accepts agents and sends them these messages. */
	public static ScriptedGateway sendingFrames(Frame... frames) {
		return sending((out) -> out.sendObject(Flux.fromIterable(List.of(frames)).map(ScriptedGateway::text)));
	}

	static TextWebSocketFrame text(Frame frame) {
		return new TextWebSocketFrame(Unpooled.wrappedBuffer(FrameCodec.encode(frame)));
	}

	static Frame.Call call(CallId id, String method, String payload) {
		return new Frame.Call(id, method, 10_000, null, Payload.parse(payload));
	}

	public static Frame.Welcome welcome() {
		return new Frame.Welcome(TestIds.connection(), 1, TestIds.node(), 30_000, 262_144, 64, 1, 10);
	}

	static PingWebSocketFrame ping() {
		return new PingWebSocketFrame(Unpooled.copyInt(42));
	}

	private static String identity(HttpServerRequest request) {
		String token = request.requestHeaders().get("Authorization");
		return (token != null) ? token : request.requestHeaders().get("Switchboard-Tenant") + "/"
				+ request.requestHeaders().get("Switchboard-Agent");
	}

	private Mono<Void> answer(WebSocketFrame frame, WebsocketOutbound out) {
		note(frame);
		Frame answer = (frame instanceof TextWebSocketFrame text) ? this.answers.apply(text.text()) : null;
		return (answer != null) ? out.sendObject(Mono.just(text(answer))).then() : Mono.empty();
	}

	private void note(WebSocketFrame frame) {
		this.received.add((frame instanceof TextWebSocketFrame text) ? text.text()
				: frame.getClass().getSimpleName() + " " + frame.content().readableBytes());
	}

	public String url() {
		return "ws://127.0.0.1:" + this.server.port();
	}

	@Override
	public void close() {
		this.server.disposeNow();
	}

}
