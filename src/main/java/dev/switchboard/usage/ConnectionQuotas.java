package dev.switchboard.usage;

import dev.switchboard.connection.AgentConnection;
import dev.switchboard.connection.ConnectionListener;
import dev.switchboard.handshake.AgentCheck;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.quota.Quota;
import dev.switchboard.quota.TenantLimits;

import org.springframework.web.reactive.socket.CloseStatus;

/**
 * Counts the connections of each tenant on this node, and refuses handshakes beyond a
 * quota of their tenant. A handshake that is let through has a place until it becomes a
 * connection, or for a moment if it does not. Thread-safe.
 */
final class ConnectionQuotas implements AgentCheck, ConnectionListener {

	private final TenantLimits limits;

	private final Held held;

	/** Knows the connections of this node. */
	@FunctionalInterface
	interface Held {

		/** Whether the agent has a connection here. */
		boolean isHere(AgentId agent);

	}

	ConnectionQuotas(TenantLimits limits, Held held) {
		this.limits = limits;
		this.held = held;
	}

	/** An agent that is connected here needs no further place: its connections change. */
	@Override
	public void require(AgentId agent) {
		String tenant = agent.tenant();
		this.limits.take(Quota.HANDSHAKES_PER_SECOND, tenant, 1);
		if (!this.held.isHere(agent) && !this.limits.connections(tenant).reserve()) {
			throw this.limits.refusal(Quota.CONNECTIONS, tenant);
		}
	}

	@Override
	public void registered(AgentConnection connection) {
		this.limits.connections(connection.agent().tenant()).enter();
	}

	@Override
	public void ended(AgentConnection connection, CloseStatus status) {
		this.limits.connections(connection.agent().tenant()).leave();
	}

}
