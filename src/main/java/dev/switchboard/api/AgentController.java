package dev.switchboard.api;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;

import dev.switchboard.call.CallSettings;
import dev.switchboard.json.JsonWriter;
import dev.switchboard.json.Payload;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.routing.AgentPresence;
import dev.switchboard.routing.AgentPresencePage;
import dev.switchboard.routing.AgentRouter;
import dev.switchboard.routing.Disconnect;
import dev.switchboard.routing.Presence;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;

/** Which agents there are, and whether they are connected. */
@RestController
@RequestMapping("/v1/tenants/{tenant}/agents")
final class AgentController {

	private static final int LONGEST_PAGE = 1000;

	private static final Payload TRUE = Payload.parse("true");

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
			.flatMap((found) -> ApiResponses.write(exchange.getResponse(), 200, json(found).end()));
	}

	@GetMapping(produces = MediaType.APPLICATION_JSON_VALUE)
	Mono<Void> list(@RequestParam @Nullable String status, @RequestParam(defaultValue = "100") String limit,
			@RequestParam @Nullable String cursor, ServerWebExchange exchange) {
		return this.presence.list(ApiRequests.tenant(exchange), online(status), limit(limit), after(cursor))
			.flatMap((page) -> ApiResponses.write(exchange.getResponse(), 200, json(page)));
	}

	@DeleteMapping("/{agent}/connection")
	Mono<Void> disconnect(ServerWebExchange exchange) {
		AgentId id = ApiRequests.agentId(exchange);
		return this.router.run(new Disconnect(id, this.settings.defaultWait())).then(Mono.defer(() -> {
			exchange.getResponse().setStatusCode(HttpStatus.NO_CONTENT);
			return exchange.getResponse().setComplete();
		}));
	}

	private static @Nullable Boolean online(@Nullable String status) {
		return switch (status) {
			case null -> null;
			case "online" -> true;
			case "offline" -> false;
			default -> throw ProblemException.invalid("status must be online or offline");
		};
	}

	private static int limit(String limit) {
		try {
			int parsed = Integer.parseInt(limit);
			if (parsed >= 1 && parsed <= LONGEST_PAGE) {
				return parsed;
			}
		}
		catch (NumberFormatException ex) {
			// Said below.
		}
		throw ProblemException.invalid("limit must be 1 to " + LONGEST_PAGE);
	}

	private static @Nullable String after(@Nullable String cursor) {
		if (cursor == null) {
			return null;
		}
		try {
			String after = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.US_ASCII);
			return new AgentId("any", after).agent();
		}
		catch (IllegalArgumentException ex) {
			throw ProblemException.invalid("cursor must be the 'next' of an earlier page");
		}
	}

	private static byte[] json(AgentPresencePage page) {
		String next = page.next();
		return new JsonWriter().objects("agents", page.agents().stream().map(AgentController::json).toList())
			.optionalString("next", (next != null)
					? Base64.getUrlEncoder().withoutPadding().encodeToString(next.getBytes(StandardCharsets.US_ASCII))
					: null)
			.end();
	}

	private static JsonWriter json(AgentPresence agent) {
		JsonWriter json = new JsonWriter().string("tenant", agent.agent().tenant())
			.string("agent", agent.agent().agent())
			.string("status", (agent.node() != null) ? "online" : "offline");
		if (agent.node() != null) {
			json.string("node", agent.node().toString());
		}
		if (agent.flapping()) {
			json.payload("flapping", TRUE);
		}
		return json.string("connectionId", agent.connection().toString())
			.number("epoch", agent.epoch())
			.string("connectedAt", time(agent.connectedAt()))
			.string("lastSeen", time(agent.lastSeen()))
			.optionalString("remoteAddress", agent.remoteAddress());
	}

	static String time(Instant instant) {
		return instant.truncatedTo(ChronoUnit.MILLIS).toString();
	}

}
