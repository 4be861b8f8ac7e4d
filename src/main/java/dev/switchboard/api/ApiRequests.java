package dev.switchboard.api;

import java.util.Map;
import java.util.Objects;

import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.CallId;

import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.server.ServerWebExchange;

/** Reads what requests name in their paths. */
final class ApiRequests {

	private ApiRequests() {
	}

	/** The agent that the path names. */
	static AgentId agentId(ServerWebExchange exchange) {
		try {
			return new AgentId(variable(exchange, "tenant"), variable(exchange, "agent"));
		}
		catch (IllegalArgumentException ex) {
			throw ProblemException.invalid("The path: " + ex.getMessage());
		}
	}

	/** The tenant that the path names. */
	static String tenant(ServerWebExchange exchange) {
		try {
			return AgentId.requireTenant(variable(exchange, "tenant"));
		}
		catch (IllegalArgumentException ex) {
			throw ProblemException.invalid("The path: " + ex.getMessage());
		}
	}

	// An id that was never given out names no call, whatever it looks like.
	static CallId callId(ServerWebExchange exchange) {
		try {
			return CallId.parse(variable(exchange, "id"));
		}
		catch (IllegalArgumentException ex) {
			throw new ProblemException(Problem.CALL_UNKNOWN, "There is no such call");
		}
	}

	// As an argument of a controller's method each would be bound, converted and zipped.
	private static String variable(ServerWebExchange exchange, String name) {
		Map<String, String> variables = exchange.getRequiredAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE);
		return Objects.requireNonNull(variables.get(name));
	}

}
