package dev.switchboard.connection;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import dev.switchboard.directory.AgentWaiters;
import dev.switchboard.protocol.AgentId;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The agents that are connected to this node, each with its newest connection.
 * Thread-safe; every change is atomic for its agent.
 */
public final class ConnectionRegistry {

	private final ConnectionTable connections = new ConnectionTable();

	/**
	 * Connections that a newer one here has replaced, and that end only after their
	 * calls.
	 */
	private final Set<AgentConnection> replaced = ConcurrentHashMap.newKeySet();

	private final AgentWaiters<AgentConnection> arrivals = new AgentWaiters<>();

	/** Returns the agent's connection if it takes calls; otherwise null. */
	public @Nullable AgentConnection find(AgentId agent) {
		AgentConnection connection = this.connections.get(agent);
		return (connection != null && connection.accepts()) ? connection : null;
	}

	/**
	 * Returns the agent's newest connection here, in any state; null if there is none.
	 */
	public @Nullable AgentConnection newest(AgentId agent) {
		return this.connections.get(agent);
	}

	/** Whether the agent has a connection here, in any state. */
	boolean isHeld(AgentId agent) {
		return this.connections.get(agent) != null;
	}

	/**
	 * Returns the epoch of the agent's connection here, in any state; 0 if there is none.
	 */
	public long lastEpoch(AgentId agent) {
		AgentConnection connection = this.connections.get(agent);
		return (connection != null) ? connection.epoch() : 0;
	}

	/**
	 * Registers the connection, unless its agent has a newer one. The older of the two
	 * connections is superseded.
	 */
	public void add(AgentConnection connection) {
		AgentConnection older = this.connections.putIfNewer(connection);
		if (older != null) {
			this.replaced.add(older);
			older.superseded();
			// It may have ended before it was in the set.
			if (older.isClosing()) {
				this.replaced.remove(older);
			}
		}
		if (older != connection) {
			this.arrivals.announce(connection.agent(), connection);
		}
	}

	/**
	 * Removes the connection, because it has ended.
	 * @return whether it was still the one registered for its agent
	 */
	public boolean remove(AgentConnection connection) {
		boolean held = this.connections.remove(connection);
		this.replaced.remove(connection);
		return held;
	}

	/**
	 * Supersedes the agent's connection here if the epoch of that connection is lower.
	 * Repeated and late calls do no harm.
	 * @param epoch the epoch of the agent's connection to a different node
	 */
	public void supersede(AgentId agent, long epoch) {
		AgentConnection connection = this.connections.get(agent);
		if (connection != null && connection.epoch() < epoch) {
			connection.superseded();
		}
	}

	/**
	 * Waits for the agent to connect to this node.
	 * @return the agent's connection, at once if there is one; never empty, never fails
	 */
	public Mono<AgentConnection> await(AgentId agent) {
		return this.arrivals.await(agent, () -> find(agent));
	}

	/**
	 * Applies the action to each connection that is registered during the whole run, and
	 * perhaps to some that come or go meanwhile.
	 */
	public void forEach(Consumer<AgentConnection> action) {
		this.connections.forEach(action);
	}

	/**
	 * Applies the action as {@link #forEach} does, and to the connections as well that
	 * newer ones have replaced and that have not ended yet.
	 */
	public void forEachOpen(Consumer<AgentConnection> action) {
		forEach(action);
		this.replaced.forEach(action);
	}

	/**
	 * Applies the action to all connections of the agent that have not ended: the newest
	 * one, and those that newer ones have replaced.
	 */
	public void forEachOpen(AgentId agent, Consumer<AgentConnection> action) {
		AgentConnection newest = this.connections.get(agent);
		if (newest != null) {
			action.accept(newest);
		}
		this.replaced.stream().filter((connection) -> connection.isOf(agent)).forEach(action);
	}

	public int size() {
		return this.connections.size();
	}

}
