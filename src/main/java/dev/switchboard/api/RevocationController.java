package dev.switchboard.api;

import java.util.Optional;
import java.util.Set;

import dev.switchboard.json.Envelope;
import dev.switchboard.json.JsonWriter;
import dev.switchboard.json.Timestamp;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.tenant.Revocation;
import dev.switchboard.tenant.Revocations;
import reactor.core.publisher.Mono;

import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;

/** Revokes an agent, shows its revocation, and takes it back. */
@RestController
@RequestMapping(path = "/v1/tenants/{tenant}/agents/{agent}/revocation", produces = MediaType.APPLICATION_JSON_VALUE)
final class RevocationController {

	private static final int LONGEST_REASON = 256;

	private final Revocations revocations;

	RevocationController(Revocations revocations) {
		this.revocations = revocations;
	}

	@PutMapping
	Mono<Void> put(ServerWebExchange exchange) {
		AgentId agent = ApiRequests.agentId(exchange);
		return OptionalBody.read(exchange.getRequest(), RevocationController::reason)
			.zipWith(CallerName.of(exchange, false))
			.flatMap((read) -> this.revocations.put(agent, read.getT1().orElse(null), read.getT2()))
			.then(Mono.defer(() -> ApiResponses.writeNothing(exchange.getResponse())));
	}

	/**
	 * Returns the reason. Another member is refused: one that is spelt wrong would lose
	 * the reason without a word.
	 */
	private static Optional<String> reason(Envelope body) {
		if (!Set.of("reason").containsAll(body.names())) {
			throw ProblemException.invalid("The body has an unknown member; a revocation has 'reason' only");
		}
		String reason = body.optionalString("reason");
		if (reason != null && reason.length() > LONGEST_REASON) {
			throw ProblemException.invalid("member 'reason' must have at most " + LONGEST_REASON + " characters");
		}
		return Optional.ofNullable(reason);
	}

	@GetMapping
	Mono<Void> get(ServerWebExchange exchange) {
		return this.revocations.find(ApiRequests.agentId(exchange))
			.flatMap((found) -> ApiResponses.write(exchange.getResponse(), 200, json(found)));
	}

	private static byte[] json(Revocation revocation) {
		return new JsonWriter().optionalString("reason", revocation.reason())
			.string("at", Timestamp.of(revocation.at()))
			.string("by", revocation.by())
			.end();
	}

	@DeleteMapping
	Mono<Void> delete(ServerWebExchange exchange) {
		return this.revocations.delete(ApiRequests.agentId(exchange))
			.then(Mono.defer(() -> ApiResponses.writeNothing(exchange.getResponse())));
	}

}
