package dev.switchboard.forwarding;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

import dev.switchboard.connection.AgentConnection;
import dev.switchboard.connection.ConnectionException;
import dev.switchboard.connection.ConnectionRegistry;
import dev.switchboard.connection.SupersedeNotice;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.routing.NodeQuestion;
import dev.switchboard.routing.Verb;
import reactor.core.Disposable;
import reactor.core.Disposables;

/** Makes the handlers for all kinds of requests that other nodes send. */
final class RequestHandlers {

	private RequestHandlers() {
	}

	/**
	 * Returns the handlers by the kinds of requests that they serve.
	 * @param notice handles other nodes' notices of newer connections
	 * @param questions the questions that other nodes may ask; each has the function that
	 * answers it
	 */
	static Map<String, InboundHandler> of(ConnectionRegistry registry, SupersedeNotice notice,
			List<NodeQuestion> questions) {
		Map<String, InboundHandler> handlers = new HashMap<>();
		handlers.put(SupersedeNotices.KIND, handler((request, reply) -> supersede(notice, request, reply)));
		handlers.put(VerbMessages.KIND, (head, reply) -> new InboundVerbs(registry, head, reply));
		VerbCodecs.ALL.forEach((codec) -> handlers.put(codec.kind(), verb(codec, registry)));
		questions.forEach((question) -> handlers.put(question.kind(), question(question)));
		return Map.copyOf(handlers);
	}

	/**
	 * Returns the handler that runs verbs of one type. It runs them only on connections
	 * of this node.
	 */
	private static <V extends Verb<T>, T> RequestHandler verb(VerbCodec<V, T> codec, ConnectionRegistry registry) {
		return (request, reply) -> run(codec.decode(request.agent(), request.timeToLive(), request.body(), reply::part),
				codec, registry, reply);
	}

	private static RequestHandler handler(RequestHandler handler) {
		return handler;
	}

	/**
	 * Runs a verb on the agent's connection of this node.
	 * @return the work; disposing of it cancels the verb
	 */
	static <V extends Verb<T>, T> Disposable run(V verb, VerbCodec<V, T> codec, ConnectionRegistry registry,
			VerbReply reply) {
		AgentId agent = verb.agent();
		AgentConnection connection = registry.find(agent);
		if (connection == null) {
			reply.notHere(registry.lastEpoch(agent));
			return Disposables.disposed();
		}
		return verb.on(connection)
			.subscribe((result) -> reply.end(codec.encodeResult(verb, result)),
					(failure) -> fail(reply, failure, () -> registry.lastEpoch(agent)), reply::end);
	}

	/**
	 * Answers with a failure. If the connection was closing already, it did not run the
	 * verb. Then the answer is that the agent is not here.
	 */
	private static void fail(VerbReply reply, Throwable failure, LongSupplier lastEpoch) {
		if (failure instanceof ConnectionException ended && ended.reason() == ConnectionException.Reason.CLOSING) {
			reply.notHere(lastEpoch.getAsLong());
		}
		else {
			reply.fail(failure);
		}
	}

	private static RequestHandler question(NodeQuestion question) {
		return (request, reply) -> question.answer()
			.apply(new String(request.body(), StandardCharsets.US_ASCII))
			.subscribe((answer) -> reply.end(answer.toBytes()), reply::fail, reply::end);
	}

	/**
	 * Closes the connections of this node that were superseded by newer ones on the
	 * requesting node.
	 */
	private static Disposable supersede(SupersedeNotice notice, RequestHandler.Request request, Reply reply) {
		SupersededAgents.read(request.body()).epochs().forEach(notice::superseded);
		reply.end();
		return Disposables.disposed();
	}

}
