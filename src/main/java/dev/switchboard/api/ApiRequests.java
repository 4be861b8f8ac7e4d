package dev.switchboard.api;

import java.util.Map;
import java.util.Objects;
import java.util.UUID;

import dev.switchboard.json.CanonicalUuid;
import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.NodeId;

import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.server.ServerWebExchange;

/** Reads the variables of request paths. */
final class ApiRequests {

	private ApiRequests() {
	}

	/** Returns the agent that the path names. */
	static AgentId agentId(ServerWebExchange exchange) {
		try {
			return new AgentId(variable(exchange, "tenant"), variable(exchange, "agent"));
		}
		catch (IllegalArgumentException ex) {
			throw ProblemException.invalid("The path: " + ex.getMessage());
		}
	}

	/** Returns the tenant that the path names. */
	static String tenant(ServerWebExchange exchange) {
		try {
			return AgentId.requireTenant(variable(exchange, "tenant"));
		}
		catch (IllegalArgumentException ex) {
			throw ProblemException.invalid("The path: " + ex.getMessage());
		}
	}

	/**
	 * Returns the id of the call that the path names. If it is not a UUID, there is no
	 * such call.
	 */
	static CallId callId(ServerWebExchange exchange) {
		try {
			return CallId.parse(variable(exchange, "id"));
		}
		catch (IllegalArgumentException ex) {
			throw new ProblemException(Problem.CALL_UNKNOWN, "There is no such call");
		}
	}

	/**
	 * Returns the id of the durable push that the path names. If it is not a UUID, there
	 * is no such push.
	 */
	static CallId pushId(ServerWebExchange exchange) {
		try {
			return CallId.parse(variable(exchange, "id"));
		}
		catch (IllegalArgumentException ex) {
			throw new ProblemException(Problem.PUSH_UNKNOWN, "There is no such durable push");
		}
	}

	/** Returns the name of the webhook that the path names. */
	static String webhook(ServerWebExchange exchange) {
		String name = variable(exchange, "name");
		if (!AgentId.isIdentifier(name)) {
			throw ProblemException.invalid("The path: the name of a webhook must be 1 to 128 characters out of "
					+ "A-Z a-z 0-9 . _ : - and not start with '.'");
		}
		return name;
	}

	/**
	 * Returns the id of the delivery that the path names. If it is not a UUID, there is
	 * no such delivery.
	 */
	static UUID deliveryId(ServerWebExchange exchange) {
		try {
			return CanonicalUuid.parse(variable(exchange, "id"));
		}
		catch (IllegalArgumentException ex) {
			throw new ProblemException(Problem.DELIVERY_UNKNOWN, "There is no such delivery");
		}
	}

	/**
	 * Returns the id of the node that the path names. If it is not a UUID, there is no
	 * such node.
	 */
	static NodeId nodeId(ServerWebExchange exchange) {
		try {
			return NodeId.parse(variable(exchange, "node"));
		}
		catch (IllegalArgumentException ex) {
			throw new ProblemException(Problem.NODE_UNKNOWN, "There is no such node");
		}
	}

	/**
	 * Reads a variable of the path. Arguments of a controller's method would cost more:
	 * for every request Spring would bind and convert them.
	 */
	private static String variable(ServerWebExchange exchange, String name) {
		Map<String, String> variables = exchange.getRequiredAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE);
		return Objects.requireNonNull(variables.get(name));
	}

}
