package dev.switchboard.security;

import java.util.List;
import java.util.stream.Stream;

import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.AgentId;
import org.jspecify.annotations.Nullable;

import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * The identity that an agent claims in {@code dev} mode, in headers or query parameters.
 *
 * @param tenants the values given for the tenant
 * @param agents the values given for the agent
 */
public record ClaimedIdentity(List<@Nullable String> tenants, List<@Nullable String> agents) {

	/** Reads what is there, good or bad. */
	public static ClaimedIdentity in(ServerHttpRequest handshake) {
		try {
			return new ClaimedIdentity(values(handshake, "Switchboard-Tenant", "tenant"),
					values(handshake, "Switchboard-Agent", "agent"));
		}
		catch (IllegalArgumentException ex) {
			throw new ProblemException(Problem.INVALID_REQUEST, "The query is malformed");
		}
	}

	private static List<@Nullable String> values(ServerHttpRequest handshake, String header, String parameter) {
		Stream<String> headers = handshake.getHeaders().getOrEmpty(header).stream();
		Stream<String> parameters = handshake.getQueryParams().getOrDefault(parameter, List.of()).stream();
		return Stream.concat(headers, parameters).toList();
	}

	public boolean isEmpty() {
		return this.tenants.isEmpty() && this.agents.isEmpty();
	}

	/**
	 * The agent, if exactly one is named.
	 * @throws ProblemException if not
	 */
	public AgentId agent() {
		if (this.tenants.size() != 1 || this.agents.size() != 1) {
			throw new ProblemException(Problem.INVALID_REQUEST,
					"Name one tenant and one agent, in the headers Switchboard-Tenant and Switchboard-Agent"
							+ " or the query parameters tenant and agent");
		}
		try {
			return new AgentId(text(this.tenants.getFirst()), text(this.agents.getFirst()));
		}
		catch (IllegalArgumentException ex) {
			throw new ProblemException(Problem.INVALID_REQUEST, "The identity: " + ex.getMessage());
		}
	}

	private static String text(@Nullable String value) {
		return (value != null) ? value : "";
	}

}
