package dev.switchboard.api;

import dev.switchboard.connection.ConnectionSettings;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.Frame;
import dev.switchboard.routing.AgentRouter;
import dev.switchboard.routing.Push;
import dev.switchboard.time.Chance;
import reactor.core.publisher.Mono;

import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;

/** Pushes messages to agents. A push has no result. */
@RestController
final class PushController {

	private final AgentRouter router;

	private final CallSettings settings;

	private final long maxFrameBytes;

	private final PushMetrics metrics;

	private final Chance chance;

	PushController(AgentRouter router, CallSettings settings, ConnectionSettings connections, PushMetrics metrics,
			Chance chance) {
		this.router = router;
		this.settings = settings;
		this.maxFrameBytes = connections.maxFrameBytes();
		this.metrics = metrics;
		this.chance = chance;
	}

	@PostMapping(path = "/v1/tenants/{tenant}/agents/{agent}/pushes", consumes = MediaType.APPLICATION_JSON_VALUE,
			produces = MediaType.APPLICATION_JSON_VALUE)
	Mono<Void> push(ServerWebExchange exchange) {
		AgentId id = ApiRequests.agentId(exchange);
		CallId pushId = new CallId(this.chance.uuid());
		byte[] sent = ResourceJson.sentPush(pushId);
		return MessageBody.read(exchange.getRequest(), this.maxFrameBytes)
			.flatMap((body) -> this.router
				.run(new Push(id, new Frame.Push(pushId, body.method(), body.payload()), this.settings.defaultWait()))
				// Unlike doOnError() and then(), the next two operators do not keep the
				// push in memory while it waits.
				.onErrorMap(this::counted)
				.switchIfEmpty(Mono.defer(() -> {
					this.metrics.sent();
					return ApiResponses.write(exchange.getResponse(), 202, sent);
				})));
	}

	private Throwable counted(Throwable failure) {
		this.metrics.failed(failure);
		return failure;
	}

}
