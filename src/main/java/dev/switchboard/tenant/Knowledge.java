package dev.switchboard.tenant;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.switchboard.connection.AgentConnection;
import dev.switchboard.connection.ConnectionListener;
import dev.switchboard.connection.ConnectionRegistry;
import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.DisconnectReason;
import dev.switchboard.quota.KnownQuotas;

/**
 * Takes the changes of revocations and of tenants into the memory of this node, and
 * closes the connections of those who are kept out from now on. Thread-safe.
 */
final class Knowledge implements ConnectionListener {

	private final Admittance admittance;

	private final KnownQuotas quotas;

	private final ConnectionRegistry registry;

	/** The tenants that have quotas of their own. */
	private final Set<String> withQuotas = ConcurrentHashMap.newKeySet();

	Knowledge(Admittance admittance, KnownQuotas quotas, ConnectionRegistry registry) {
		this.admittance = admittance;
		this.quotas = quotas;
		this.registry = registry;
	}

	void apply(AgentId agent, boolean revoked) {
		if (!revoked) {
			this.admittance.restore(agent);
		}
		else if (this.admittance.revoke(agent)) {
			this.registry.forEachOpen(agent, (connection) -> connection.close(DisconnectReason.AGENT_REVOKED));
		}
	}

	void apply(TenantSettings settings) {
		setQuotas(settings);
		String tenant = settings.tenant();
		if (settings.enabled()) {
			this.admittance.enable(tenant);
		}
		else if (this.admittance.disable(tenant)) {
			this.registry.forEachOpen((connection) -> {
				if (connection.isOf(tenant)) {
					connection.close(DisconnectReason.TENANT_DISABLED);
				}
			});
		}
	}

	private void setQuotas(TenantSettings settings) {
		this.quotas.set(settings.tenant(), settings.quotas());
		if (settings.quotas().isEmpty()) {
			this.withQuotas.remove(settings.tenant());
		}
		else {
			this.withQuotas.add(settings.tenant());
		}
	}

	/**
	 * Forgets what the database does not have any more.
	 * @param revoked all agents that are revoked
	 * @param tenants all tenants that have settings
	 */
	void retain(Set<AgentId> revoked, Map<String, TenantSettings> tenants) {
		this.admittance.retain(revoked::contains, (tenant) -> {
			TenantSettings settings = tenants.get(tenant);
			return settings != null && !settings.enabled();
		});
		Set.copyOf(this.withQuotas)
			.stream()
			.filter((tenant) -> !tenants.containsKey(tenant))
			.map(TenantSettings::unset)
			.forEach(this::setQuotas);
	}

	/**
	 * Closes the connection if its agent is kept out. The agent may have been revoked
	 * after its handshake was checked.
	 */
	@Override
	public void registered(AgentConnection connection) {
		ProblemException refusal = this.admittance.refusal(connection.agent());
		if (refusal != null) {
			connection.close((refusal.problem() == Problem.AGENT_REVOKED) ? DisconnectReason.AGENT_REVOKED
					: DisconnectReason.TENANT_DISABLED);
		}
	}

}
