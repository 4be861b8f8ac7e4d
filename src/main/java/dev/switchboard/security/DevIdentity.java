package dev.switchboard.security;

import java.util.List;
import java.util.stream.Stream;

import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.AgentId;
import org.jspecify.annotations.Nullable;

import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * The identity that an agent claims in {@code dev} mode, in headers or query parameters
 * of its handshake.
 *
 * @param tenants all values that the handshake has for the tenant
 * @param agents all values that the handshake has for the agent
 */
public record DevIdentity(List<@Nullable String> tenants, List<@Nullable String> agents) {

	/** Reads the values, and does not check them. */
	public static DevIdentity in(ServerHttpRequest handshake) {
		try {
			return new DevIdentity(values(handshake, "Switchboard-Tenant", "tenant"),
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
	 * Returns the agent that the handshake names.
	 * @throws ProblemException if the handshake does not name exactly one valid agent
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
