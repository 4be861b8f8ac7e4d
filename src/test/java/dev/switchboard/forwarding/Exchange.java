package dev.switchboard.forwarding;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.switchboard.connection.Answer;
import dev.switchboard.connection.ConnectionException;
import dev.switchboard.json.Payload;
import dev.switchboard.node.NodeRecord;
import dev.switchboard.node.NodeState;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.Frame;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.routing.Call;
import dev.switchboard.routing.Disconnect;
import dev.switchboard.routing.ForwardException;
import dev.switchboard.routing.Push;
import dev.switchboard.routing.Verb;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * A request between nodes and its answer. Nodes of two consecutive releases understand
 * both.
 */
@SuppressWarnings("ImmutableEnumChecker") // none of them is changed
enum Exchange {

	CALL((peers, node, parts) -> forward(peers, node, call(parts)), (request, reply) -> {
		Call call = new CallCodec().decode(request.agent(), request.timeToLive(), request.body(), reply::part);
		call.chunks().accept(Sample.PAYLOAD);
		reply.end(new CallCodec().encodeResult(call, new Answer.Completed(Sample.PAYLOAD)));
	}, "[{\"a\": [1, 2]}] completed {\"a\": [1, 2]}"),

	REJECTED_CALL((peers, node, parts) -> forward(peers, node, call(parts)), (request, reply) -> {
		Call call = new CallCodec().decode(request.agent(), request.timeToLive(), request.body(), reply::part);
		reply.end(new CallCodec().encodeResult(call, new Answer.Rejected("busy", "later", Sample.PAYLOAD)));
	}, "[] rejected busy later"),

	FAILED_CALL((peers, node, parts) -> forward(peers, node, call(parts)),
			(_, reply) -> reply.fail(new ConnectionException(ConnectionException.Reason.DISCONNECTED)), "DISCONNECTED"),

	PUSH((peers, node, _) -> forward(peers, node,
			new Push(Sample.AGENT, new Frame.Push(Sample.ID, "note", Sample.PAYLOAD), ExchangesTests.LONG)),
			(request, reply) -> {
				new PushCodec().decode(request.agent(), request.timeToLive(), request.body(), reply::part);
				reply.end();
			}, "nothing"),

	DISCONNECT((peers, node, _) -> forward(peers, node, new Disconnect(Sample.AGENT, ExchangesTests.LONG)),
			(_, reply) -> reply.notHere(7), "NOT_HERE 7"),

	OUTCOME((peers, node, _) -> new PeerForwarder(peers).ask(node, "outcome", Sample.ID.toString(),
			ExchangesTests.LONG), (_, reply) -> reply.end("{\"outcome\":\"completed\"}".getBytes(UTF_8)),
			"[] {\"outcome\":\"completed\"}"),

	SUPERSEDE(
			(peers, node, _) -> peers.send(node,
					new PeerRequest<>(SupersedeNotices.KIND, null, ExchangesTests.LONG,
							(_) -> new SupersededAgents(Map.of(Sample.AGENT, 7L)).message(), (_) -> "something")),
			(request, reply) -> {
				SupersededAgents.read(request.body());
				reply.end();
			}, "nothing");

	/** The values that the requests and answers have in them. */
	private static final class Sample {

		static final AgentId AGENT = new AgentId("acme", "laptop-1");

		static final CallId ID = CallId.parse("00000000-0000-4000-8000-000000000007");

		static final Payload PAYLOAD = Payload.parse("{\"a\": [1, 2]}");

	}

	private final Request send;

	private final Script script;

	/** The result that the requester reads from the answer. */
	final String result;

	/** Sends the request, and takes the parts of its answer. */
	private interface Request {

		Mono<?> send(Peers peers, NodeRecord node, List<String> parts);

	}

	/** Reads the request, and answers it. */
	private interface Script {

		void serve(RequestHandler.Request request, Reply reply);

	}

	Exchange(Request send, Script script, String result) {
		this.send = send;
		this.script = script;
		this.result = result;
	}

	private static Call call(List<String> parts) {
		return new Call(Sample.AGENT,
				new Frame.Call(Sample.ID, "echo", ExchangesTests.LONG.toMillis(), "00-trace", Sample.PAYLOAD),
				(part) -> parts.add(part.text()));
	}

	private static Mono<?> forward(Peers peers, NodeRecord node, Verb<?> verb) {
		return new PeerForwarder(peers).forward(node, verb);
	}

	/** Sends the request to a node at this port, and returns the result. */
	String send(Peers peers, int port) {
		NodeRecord node = new NodeRecord(new NodeId(new UUID(0, port)), "127.0.0.1", port, null, NodeState.UP, 0, 1,
				Instant.EPOCH, Duration.ofSeconds(15));
		List<String> parts = new CopyOnWriteArrayList<>();
		return this.send.send(peers, node, parts)
			.map((result) -> parts + " " + text(result))
			.defaultIfEmpty("nothing")
			.onErrorResume(ConnectionException.class, (ex) -> Mono.just(ex.reason().toString()))
			.onErrorResume(ForwardException.class, (ex) -> Mono.just(ex.reason() + " " + ex.epoch()))
			.blockOptional(ExchangesTests.LONG)
			.orElseThrow();
	}

	private static String text(Object result) {
		return switch (result) {
			case Answer.Completed completed -> "completed " + completed.payload().text();
			case Answer.Rejected rejected -> "rejected " + rejected.code() + " " + rejected.message();
			case Payload payload -> payload.text();
			default -> result.toString();
		};
	}

	/**
	 * Returns the handlers of a node that serves this request. The node adds to the list
	 * what it has read.
	 */
	Map<String, RequestHandler> handlers(List<String> served) {
		return Map.of(kind(), (request, reply) -> serve(request, reply, served));
	}

	private Disposable serve(RequestHandler.Request request, Reply reply, List<String> served) {
		this.script.serve(request, reply);
		served.add(new String(request.body(), UTF_8).replaceFirst("\"ttlMillis\":\\d+", "\"ttlMillis\":0"));
		return Disposables.disposed();
	}

	private String kind() {
		return name().replaceFirst(".*_", "").toLowerCase(Locale.ROOT);
	}

	/** Returns the name of the exchange's files. */
	String file() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
