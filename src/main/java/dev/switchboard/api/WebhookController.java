package dev.switchboard.api;

import java.util.stream.Stream;

import dev.switchboard.problem.ProblemException;
import dev.switchboard.relay.DeliveryState;
import dev.switchboard.relay.Webhooks;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;

/** Sets, shows and deletes webhooks, and shows and retries their deliveries. */
@RestController
@RequestMapping(path = "/v1/tenants/{tenant}/webhooks", produces = MediaType.APPLICATION_JSON_VALUE)
final class WebhookController {

	private final Webhooks webhooks;

	WebhookController(Webhooks webhooks) {
		this.webhooks = webhooks;
	}

	@GetMapping
	Mono<Void> list(ServerWebExchange exchange) {
		return this.webhooks.list(ApiRequests.tenant(exchange))
			.flatMap((all) -> ApiResponses.write(exchange.getResponse(), 200, WebhookJson.webhooks(all)));
	}

	@PutMapping(path = "/{name}", consumes = MediaType.APPLICATION_JSON_VALUE)
	Mono<Void> put(ServerWebExchange exchange) {
		String tenant = ApiRequests.tenant(exchange);
		String name = ApiRequests.webhook(exchange);
		return WebhookBody.read(exchange.getRequest())
			.flatMap((body) -> this.webhooks.put(tenant, name, body.wish(), body.newSecret()))
			.flatMap((changed) -> ApiResponses.write(exchange.getResponse(), changed.created() ? 201 : 200,
					WebhookJson.changed(changed)));
	}

	@GetMapping("/{name}")
	Mono<Void> get(ServerWebExchange exchange) {
		return this.webhooks.find(ApiRequests.tenant(exchange), ApiRequests.webhook(exchange))
			.flatMap((webhook) -> ApiResponses.write(exchange.getResponse(), 200, WebhookJson.webhook(webhook)));
	}

	@DeleteMapping("/{name}")
	Mono<Void> delete(ServerWebExchange exchange) {
		return this.webhooks.delete(ApiRequests.tenant(exchange), ApiRequests.webhook(exchange))
			.then(Mono.defer(() -> ApiResponses.writeNothing(exchange.getResponse())));
	}

	@GetMapping("/{name}/deliveries")
	Mono<Void> deliveries(@RequestParam(defaultValue = "100") String limit, @RequestParam @Nullable String status,
			ServerWebExchange exchange) {
		return this.webhooks
			.deliveries(ApiRequests.tenant(exchange), ApiRequests.webhook(exchange), state(status),
					PageLimit.parse(limit))
			.flatMap((found) -> ApiResponses.write(exchange.getResponse(), 200, WebhookJson.deliveries(found)));
	}

	private static @Nullable DeliveryState state(@Nullable String status) {
		if (status == null) {
			return null;
		}
		return Stream.of(DeliveryState.values())
			.filter((state) -> state.text().equals(status))
			.findFirst()
			.orElseThrow(() -> ProblemException.invalid("status must be retrying, delivered, dead or requested"));
	}

	@PostMapping("/{name}/deliveries/{id}/retry")
	Mono<Void> retry(ServerWebExchange exchange) {
		return this.webhooks
			.retry(ApiRequests.tenant(exchange), ApiRequests.webhook(exchange), ApiRequests.deliveryId(exchange))
			.flatMap((delivery) -> ApiResponses.write(exchange.getResponse(), 202, WebhookJson.delivery(delivery)));
	}

}
