package dev.switchboard.api;

import dev.switchboard.routing.AgentRouter;
import dev.switchboard.routing.Disconnect;
import dev.switchboard.routing.Presence;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;

/** Shows an agent, lists agents, and disconnects an agent. */
@RestController
@RequestMapping("/v1/tenants/{tenant}/agents")
final class AgentController {

	private final Presence presence;

	private final CallSettings settings;

	private final AgentRouter router;

	AgentController(Presence presence, CallSettings settings, AgentRouter router) {
		this.presence = presence;
		this.settings = settings;
		this.router = router;
	}

	@GetMapping(path = "/{agent}", produces = MediaType.APPLICATION_JSON_VALUE)
	Mono<Void> get(ServerWebExchange exchange) {
		return this.presence.locate(ApiRequests.agentId(exchange), this.settings.defaultWait())
			.flatMap((found) -> ApiResponses.write(exchange.getResponse(), 200, ResourceJson.agent(found)));
	}

	@GetMapping(produces = MediaType.APPLICATION_JSON_VALUE)
	Mono<Void> list(@RequestParam @Nullable String selector, @RequestParam @Nullable String status,
			@RequestParam(defaultValue = "100") String limit, @RequestParam @Nullable String cursor,
			ServerWebExchange exchange) {
		AgentQuery query = AgentQuery.of(selector, status, limit, cursor);
		return this.presence
			.list(ApiRequests.tenant(exchange), query.selector(), query.online(), query.limit(), query.after())
			.flatMap((page) -> ApiResponses.write(exchange.getResponse(), 200, ResourceJson.agents(page)));
	}

	@DeleteMapping("/{agent}/connection")
	Mono<Void> disconnect(ServerWebExchange exchange) {
		return this.router.run(new Disconnect(ApiRequests.agentId(exchange), this.settings.defaultWait()))
			.then(Mono.defer(() -> ApiResponses.writeNothing(exchange.getResponse())));
	}

}
