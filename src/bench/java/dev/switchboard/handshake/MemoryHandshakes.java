package dev.switchboard.handshake;

import dev.switchboard.connection.AgentCredentials;
import dev.switchboard.protocol.AgentId;

import org.springframework.web.reactive.socket.WebSocketHandler;

/** Stands for the handshakes of agents that are connected without any. */
public final class MemoryHandshakes {

	private final AgentWebSocketHandler handler;

	public MemoryHandshakes(AgentWebSocketHandler handler) {
		this.handler = handler;
	}

	/** What serves the session of an agent which has shown to be this one. */
	public WebSocketHandler handler(AgentId agent) {
		AgentCredentials credentials = new AgentCredentials(agent, null);
		return (session) -> this.handler.handle(session, credentials);
	}

}
