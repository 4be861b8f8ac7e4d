package dev.switchboard.usage;

import java.util.function.Predicate;

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

	private final Predicate<AgentId> isHere;

	/**
	 * @param isHere whether an agent has a connection to this node
	 */
	ConnectionQuotas(TenantLimits limits, Predicate<AgentId> isHere) {
		this.limits = limits;
		this.isHere = isHere;
	}

	/** An agent that is connected here needs no further place: its connections change. */
	@Override
	public void require(AgentId agent) {
		String tenant = agent.tenant();
		this.limits.take(Quota.HANDSHAKES_PER_SECOND, tenant, 1);
		if (!this.isHere.test(agent) && !this.limits.connections(tenant).reserve()) {
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
