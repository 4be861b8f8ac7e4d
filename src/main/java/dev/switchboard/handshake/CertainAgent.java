package dev.switchboard.handshake;

import dev.switchboard.protocol.AgentId;
import org.jspecify.annotations.Nullable;

import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * Notes in a handshake which agent it is from, once that is certain. An agent is certain
 * if checked credentials name it, even if they do not allow the handshake. In {@code dev}
 * mode the claimed identity counts. A refusal is remembered under an agent's name only if
 * the agent is certain. So nobody can write into what is remembered of other agents.
 */
public final class CertainAgent {

	private static final String ATTRIBUTE = CertainAgent.class.getName();

	private CertainAgent() {
	}

	/** Notes that the handshake is certainly from this agent. */
	public static void note(ServerHttpRequest handshake, AgentId agent) {
		handshake.getAttributes().put(ATTRIBUTE, agent);
	}

	/** Returns the agent that the handshake is from; null if that is not certain. */
	static @Nullable AgentId of(ServerHttpRequest handshake) {
		return (AgentId) handshake.getAttributes().get(ATTRIBUTE);
	}

}
