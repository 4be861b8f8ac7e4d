package dev.switchboard.api;

import dev.switchboard.push.DurablePushes;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;

/** Shows and cancels durable pushes, and lists those that wait for an agent. */
@RestController
@RequestMapping(path = "/v1/tenants/{tenant}", produces = MediaType.APPLICATION_JSON_VALUE)
final class DurablePushController {

	private final DurablePushes pushes;

	DurablePushController(DurablePushes pushes) {
		this.pushes = pushes;
	}

	@GetMapping("/pushes/{id}")
	Mono<Void> get(ServerWebExchange exchange) {
		return this.pushes.find(ApiRequests.tenant(exchange), ApiRequests.pushId(exchange))
			.flatMap((push) -> ApiResponses.write(exchange.getResponse(), 200, PushJson.push(push)));
	}

	@DeleteMapping("/pushes/{id}")
	Mono<Void> cancel(ServerWebExchange exchange) {
		return this.pushes.cancel(ApiRequests.tenant(exchange), ApiRequests.pushId(exchange))
			.flatMap((push) -> ApiResponses.write(exchange.getResponse(), 200, PushJson.push(push)));
	}

	@GetMapping("/agents/{agent}/pushes")
	Mono<Void> list(@RequestParam(defaultValue = "100") String limit, @RequestParam @Nullable String cursor,
			ServerWebExchange exchange) {
		return this.pushes.waiting(ApiRequests.agentId(exchange), PushJson.after(cursor), PageLimit.parse(limit))
			.flatMap((page) -> ApiResponses.write(exchange.getResponse(), 200, PushJson.pushes(page)));
	}

}
