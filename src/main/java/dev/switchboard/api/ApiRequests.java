package dev.switchboard.api;

import java.util.Map;
import java.util.Objects;

import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.CallId;

import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.server.ServerWebExchange;

/** Reads the variables of request paths. */
final class ApiRequests {

	private ApiRequests() {
	}

	/** The agent of the path. */
	static AgentId agentId(ServerWebExchange exchange) {
		try {
			return new AgentId(variable(exchange, "tenant"), variable(exchange, "agent"));
		}
		catch (IllegalArgumentException ex) {
			throw ProblemException.invalid("The path: " + ex.getMessage());
		}
	}

	/** The tenant of the path. */
	static String tenant(ServerWebExchange exchange) {
		try {
			return AgentId.requireTenant(variable(exchange, "tenant"));
		}
		catch (IllegalArgumentException ex) {
			throw ProblemException.invalid("The path: " + ex.getMessage());
		}
	}

	/** The call of the path. An id that is not a UUID belongs to no call. */
	static CallId callId(ServerWebExchange exchange) {
		try {
			return CallId.parse(variable(exchange, "id"));
		}
		catch (IllegalArgumentException ex) {
			throw new ProblemException(Problem.CALL_UNKNOWN, "There is no such call");
		}
	}

	/**
	 * Reads a variable directly. An argument of a controller's method would be bound,
	 * converted and zipped for every request.
	 */
	private static String variable(ServerWebExchange exchange, String name) {
		Map<String, String> variables = exchange.getRequiredAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE);
		return Objects.requireNonNull(variables.get(name));
	}

}
