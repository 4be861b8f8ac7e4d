package dev.switchboard.api;

import java.util.UUID;

import dev.switchboard.database.Sha256;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.Frame;
import dev.switchboard.protocol.FrameCodec;
import dev.switchboard.push.DurablePush;
import reactor.core.publisher.Mono;

import org.springframework.web.server.ServerWebExchange;

/** Makes durable pushes of their requests. Stateless. */
final class DurablePushReader {

	/** All ids are of the same length. */
	private static final CallId ANY = new CallId(new UUID(0, 0));

	private DurablePushReader() {
	}

	/**
	 * Makes the push of a request.
	 * @return the push; an error of {@link dev.switchboard.problem.ProblemException} if
	 * it is too long for a frame or if its key is not valid
	 */
	static Mono<DurablePush> read(ServerWebExchange exchange, CallId id, AgentId agent, MessageBody message,
			Durability durability, long maxFrameBytes) {
		checkLength(message, maxFrameBytes);
		DurablePush push = new DurablePush(id, agent, message.method(), message.payload(), durability.timeToLive(),
				durability.collapseKey(), null);
		return key(exchange, message).map(push::keyed).defaultIfEmpty(push);
	}

	/** Reads the idempotency key of a request; empty if it has none. */
	static Mono<DurablePush.Key> key(ServerWebExchange exchange, MessageBody message) {
		String key = CallHeaders.idempotencyKey(exchange.getRequest().getHeaders());
		return (key == null) ? Mono.empty()
				: CallerName.of(exchange, true).map((caller) -> new DurablePush.Key(key, caller, hash(message)));
	}

	private static Sha256 hash(MessageBody message) {
		return Sha256.of(message.whole().toBytes());
	}

	/** Fails if a push with this message is too long for a frame. */
	static void checkLength(MessageBody message, long maxFrameBytes) {
		Frame.Push frame = new Frame.Push(ANY, message.method(), true, message.payload());
		if (FrameCodec.encodeHead(frame).length + frame.payload().length() + 1 > maxFrameBytes) {
			throw MessageBody.tooLarge(maxFrameBytes);
		}
	}

}
