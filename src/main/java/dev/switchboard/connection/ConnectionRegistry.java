package dev.switchboard.connection;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.DisconnectReason;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

/**
 * The agents that this node holds, each by its newest connection. Thread-safe; every
 * change is atomic for its agent.
 */
@Component
public final class ConnectionRegistry {

	private final Map<AgentId, AgentConnection> connections = new ConcurrentHashMap<>();

	private final Arrivals arrivals = new Arrivals();

	/**
	 * The agent's connection, or null if this node has none that takes calls.
	 */
	public @Nullable AgentConnection find(AgentId agent) {
		AgentConnection connection = this.connections.get(agent);
		return (connection != null && !connection.isClosing()) ? connection : null;
	}

	/**
	 * Makes this the agent's connection unless a newer one is; the older of the two is
	 * closed as superseded.
	 */
	void add(AgentConnection connection) {
		AgentConnection[] older = new AgentConnection[1];
		this.connections.compute(connection.agent(), (_, present) -> {
			boolean newest = present == null || present.epoch() < connection.epoch();
			older[0] = newest ? present : connection;
			return newest ? connection : present;
		});
		if (older[0] != null) {
			older[0].close(DisconnectReason.SUPERSEDED);
		}
		if (older[0] != connection) {
			this.arrivals.announce(connection);
		}
	}

	/**
	 * Forgets the connection, if it still is the agent's.
	 * @return whether it was
	 */
	boolean remove(AgentConnection connection) {
		return this.connections.remove(connection.agent(), connection);
	}

	/**
	 * Waits for the agent to be here.
	 * @return its connection, at once if it is here already; never completes empty
	 */
	public Mono<AgentConnection> await(AgentId agent) {
		return this.arrivals.await(agent, () -> find(agent));
	}

	/** All connections; a view that changes as they come and go. */
	Collection<AgentConnection> all() {
		return this.connections.values();
	}

	/** Bytes that wait for slow agents. */
	long queuedBytes() {
		return this.connections.values().stream().mapToLong(AgentConnection::queuedBytes).sum();
	}

	public int size() {
		return this.connections.size();
	}

}
