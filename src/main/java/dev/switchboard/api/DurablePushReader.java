package dev.switchboard.api;

import dev.switchboard.database.Sha256;
import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.Frame;
import dev.switchboard.protocol.FrameCodec;
import dev.switchboard.push.DurablePush;
import reactor.core.publisher.Mono;

import org.springframework.web.server.ServerWebExchange;

/** Makes durable pushes of their requests. Stateless. */
final class DurablePushReader {

	private DurablePushReader() {
	}

	/**
	 * Makes the push of a request.
	 * @return the push; an error of {@link ProblemException} if it is too long for a
	 * frame or if its key is not valid
	 */
	static Mono<DurablePush> read(ServerWebExchange exchange, CallId id, AgentId agent, MessageBody message,
			Durability durability, long maxFrameBytes) {
		checkLength(new Frame.Push(id, message.method(), true, message.payload()), maxFrameBytes);
		String key = CallHeaders.idempotencyKey(exchange.getRequest().getHeaders());
		DurablePush push = new DurablePush(id, agent, message.method(), message.payload(), durability.timeToLive(),
				durability.collapseKey(), null);
		return (key == null) ? Mono.just(push) : CallerName.of(exchange, true)
			.map((caller) -> push.keyed(new DurablePush.Key(key, caller, hash(message))));
	}

	private static Sha256 hash(MessageBody message) {
		return Sha256.of(message.whole().toBytes());
	}

	private static void checkLength(Frame.Push frame, long maxFrameBytes) {
		if (FrameCodec.encodeHead(frame).length + frame.payload().length() + 1 > maxFrameBytes) {
			throw new ProblemException(Problem.PAYLOAD_TOO_LARGE, "A message has at most " + maxFrameBytes + " bytes");
		}
	}

}
