package dev.switchboard.api;

import java.util.Optional;

import dev.switchboard.fanout.FleetMessage;
import dev.switchboard.push.DurablePush;
import dev.switchboard.push.DurablePushes;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.web.server.ServerWebExchange;

/**
 * Makes messages that are stored for many agents. Each agent gets a push of its own. They
 * share the idempotency key of the request, which counts for each agent by itself.
 * Thread-safe.
 */
final class DurableFleetPushes {

	private final DurablePushes pushes;

	private final long maxFrameBytes;

	DurableFleetPushes(DurablePushes pushes, long maxFrameBytes) {
		this.pushes = pushes;
		this.maxFrameBytes = maxFrameBytes;
	}

	/**
	 * Makes the message of a request.
	 * @return the message; an error of {@link dev.switchboard.problem.ProblemException}
	 * if it is too long for a frame or if its key is not valid
	 */
	Mono<FleetMessage> read(ServerWebExchange exchange, MessageBody body, Durability durability) {
		DurablePushReader.checkLength(body, this.maxFrameBytes);
		return DurablePushReader.key(exchange, body)
			.map(Optional::of)
			.defaultIfEmpty(Optional.empty())
			.map((key) -> message(body, durability, key.orElse(null)));
	}

	private FleetMessage message(MessageBody body, Durability durability, DurablePush.@Nullable Key key) {
		return new FleetMessage.ToStore(
				(agent, id) -> this.pushes.store(new DurablePush(id, agent, body.method(), body.payload(),
						durability.timeToLive(), durability.collapseKey(), key)),
				body.payload().length() + body.method().length());
	}

}
