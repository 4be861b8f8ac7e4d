package dev.switchboard.connection;

import java.util.function.Consumer;

import dev.switchboard.directory.AgentWaiters;
import dev.switchboard.protocol.AgentId;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;


/**
 * The agents that this node holds, each by its newest connection. Thread-safe; every
 * change is atomic for its agent.
 */
public final class ConnectionRegistry {

	private final ConnectionTable connections = new ConnectionTable();

	private final AgentWaiters<AgentConnection> arrivals = new AgentWaiters<>();

	/**
	 * The agent's connection, or null if this node has none that takes calls.
	 */
	public @Nullable AgentConnection find(AgentId agent) {
		AgentConnection connection = this.connections.get(agent);
		return (connection != null && connection.accepts()) ? connection : null;
	}

	/** Whether the agent has a connection here, be it one that is closing. */
	boolean isHeld(AgentId agent) {
		return this.connections.get(agent) != null;
	}

	/**
	 * The newest epoch that this node knows of an agent that it does not hold: that of a
	 * connection that is closing. 0 if it knows none.
	 */
	public long lastEpoch(AgentId agent) {
		AgentConnection connection = this.connections.get(agent);
		return (connection != null) ? connection.epoch() : 0;
	}

	/**
	 * Makes this the agent's connection unless a newer one is; the older of the two is
	 * closed as superseded.
	 */
	public void add(AgentConnection connection) {
		AgentConnection older = this.connections.putIfNewer(connection);
		if (older != null) {
			older.superseded();
		}
		if (older != connection) {
			this.arrivals.announce(connection.agent(), connection);
		}
	}

	/**
	 * Forgets the connection, if it still is the agent's.
	 * @return whether it was
	 */
	public boolean remove(AgentConnection connection) {
		return this.connections.remove(connection);
	}

	/**
	 * Closes the agent's connection as superseded if its epoch is lower than this, which
	 * the directory has of another node. It may be said more than once, and late.
	 */
	public void supersede(AgentId agent, long epoch) {
		AgentConnection connection = this.connections.get(agent);
		if (connection != null && connection.epoch() < epoch) {
			connection.superseded();
		}
	}

	/**
	 * Waits for the agent to be here.
	 * @return its connection, at once if it is here already; never completes empty
	 */
	public Mono<AgentConnection> await(AgentId agent) {
		return this.arrivals.await(agent, () -> find(agent));
	}

	/**
	 * Passes on each connection that is here all the while, and maybe some that are not.
	 */
	public void forEach(Consumer<AgentConnection> action) {
		this.connections.forEach(action);
	}

	public int size() {
		return this.connections.size();
	}

}
