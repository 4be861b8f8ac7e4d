package dev.switchboard.api;

import dev.switchboard.problem.ProblemException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.web.server.ServerWebExchange;

/**
 * The body of a push: {@code {"method", "payload", "durable", "ttlSeconds",
 * "collapseKey"}}.
 *
 * @param message the method and the payload
 * @param durability what makes the push durable; null if it is not
 */
record PushBody(MessageBody message, @Nullable Durability durability) {

	/**
	 * Reads the body of a request, as {@link MessageBody#read} does.
	 * @return the body; an error of {@link ProblemException} if it is not valid
	 */
	static Mono<PushBody> read(ServerWebExchange exchange, long maxFrameBytes) {
		return MessageBody.read(exchange, maxFrameBytes,
				(envelope, message) -> new PushBody(message, Durability.of(envelope)));
	}

}
