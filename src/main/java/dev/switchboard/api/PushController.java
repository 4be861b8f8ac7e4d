package dev.switchboard.api;

import dev.switchboard.connection.ConnectionSettings;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.Frame;
import dev.switchboard.push.DurablePushes;
import dev.switchboard.routing.AgentRouter;
import dev.switchboard.routing.Push;
import dev.switchboard.time.Chance;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;

/**
 * Pushes messages to agents. A push has no result. It is sent now or never, or it is
 * durable and is stored.
 */
@RestController
final class PushController {

	private final AgentRouter router;

	private final CallSettings settings;

	private final DurablePushes durable;

	private final long maxFrameBytes;

	private final MessageQuotas quotas;

	private final PushMetrics metrics;

	private final Chance chance;

	PushController(AgentRouter router, CallSettings settings, ConnectionSettings connections, DurablePushes durable,
			MessageQuotas quotas, PushMetrics metrics, Chance chance) {
		this.router = router;
		this.settings = settings;
		this.durable = durable;
		this.maxFrameBytes = connections.maxFrameBytes();
		this.quotas = quotas;
		this.metrics = metrics;
		this.chance = chance;
	}

	@PostMapping(path = "/v1/tenants/{tenant}/agents/{agent}/pushes", consumes = MediaType.APPLICATION_JSON_VALUE,
			produces = MediaType.APPLICATION_JSON_VALUE)
	Mono<Void> push(ServerWebExchange exchange) {
		AgentId agent = ApiRequests.agentId(exchange);
		long announced = exchange.getRequest().getHeaders().getContentLength();
		this.quotas.take(agent, announced);
		return PushBody.read(exchange, this.maxFrameBytes).flatMap((body) -> {
			if (announced < 0) {
				this.quotas.received(agent, body.message());
			}
			return (body.durability() != null) ? store(agent, body.message(), body.durability(), exchange)
					: send(agent, body.message(), exchange);
		});
	}

	private Mono<Void> send(AgentId agent, MessageBody body, ServerWebExchange exchange) {
		CallId id = new CallId(this.chance.uuid());
		byte[] sent = ResourceJson.sentPush(id);
		return this.router
			.run(new Push(agent, new Frame.Push(id, body.method(), body.payload()), this.settings.defaultWait()))
			// Unlike doOnError() and then(), the next two operators do not keep the push
			// in memory while it waits.
			.onErrorMap(this::counted)
			.switchIfEmpty(Mono.defer(() -> {
				this.metrics.sent();
				return ApiResponses.write(exchange.getResponse(), 202, sent);
			}));
	}

	private Mono<Void> store(AgentId agent, MessageBody body, Durability durability, ServerWebExchange exchange) {
		CallId id = new CallId(this.chance.uuid());
		return DurablePushReader.read(exchange, id, agent, body, durability, this.maxFrameBytes)
			.flatMap(this.durable::store)
			.onErrorMap(this::counted)
			.flatMap((stored) -> {
				this.metrics.queued();
				exchange.getResponse()
					.getHeaders()
					.set(HttpHeaders.LOCATION, "/v1/tenants/" + agent.tenant() + "/pushes/" + stored);
				return ApiResponses.write(exchange.getResponse(), 202, PushJson.queued(stored));
			});
	}

	private Throwable counted(Throwable failure) {
		this.metrics.failed(failure);
		return failure;
	}

}
