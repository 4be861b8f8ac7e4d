package dev.switchboard.benchmark;

import dev.switchboard.connection.AgentCredentials;
import dev.switchboard.connection.AgentSessions;
import dev.switchboard.protocol.AgentId;

import org.springframework.web.reactive.socket.WebSocketHandler;

/** Stands for the handshakes of agents that are connected without any. */
final class MemoryHandshakes {

	private final AgentSessions sessions;

	MemoryHandshakes(AgentSessions sessions) {
		this.sessions = sessions;
	}

	/** What serves the session of an agent which has shown to be this one. */
	WebSocketHandler handler(AgentId agent) {
		AgentCredentials credentials = new AgentCredentials(agent, null);
		return (session) -> this.sessions.serve(session, credentials);
	}

}
