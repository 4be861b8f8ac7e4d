package dev.switchboard.tenant;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

import dev.switchboard.directory.AgentWaiters;
import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.AgentId;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Says which agents are kept out, as far as this node knows: those that are revoked, and
 * those of disabled tenants. The answers come from memory, so they are there while the
 * directory is away. Usually no agent is kept out, and then an answer costs two looks at
 * empty sets. Thread-safe.
 */
public final class Admittance {

	private final Set<AgentId> revoked = ConcurrentHashMap.newKeySet();

	private final Set<String> disabled = ConcurrentHashMap.newKeySet();

	private final AgentWaiters<ProblemException> waiters = new AgentWaiters<>();

	/**
	 * Returns the problem with which an agent, or a request to it, is refused; null if
	 * the agent is not kept out.
	 */
	public @Nullable ProblemException refusal(AgentId agent) {
		if (!this.revoked.isEmpty() && this.revoked.contains(agent)) {
			return new ProblemException(Problem.AGENT_REVOKED, "The agent is revoked");
		}
		if (!this.disabled.isEmpty() && this.disabled.contains(agent.tenant())) {
			return new ProblemException(Problem.TENANT_DISABLED, "The tenant is disabled");
		}
		return null;
	}

	/**
	 * Checks that an agent is not kept out.
	 * @throws ProblemException if it is
	 */
	public void require(AgentId agent) {
		ProblemException refusal = refusal(agent);
		if (refusal != null) {
			throw refusal;
		}
	}

	/**
	 * Waits until the agent is kept out. Cancelling ends the wait.
	 * @return the problem with which the agent is refused, at once if it is kept out
	 * already; never empty, and never an error
	 */
	public Mono<ProblemException> awaitRefusal(AgentId agent) {
		return this.waiters.await(agent, () -> refusal(agent));
	}

	private void announce(AgentId agent) {
		ProblemException refusal = refusal(agent);
		if (refusal != null) {
			this.waiters.announce(agent, refusal);
		}
	}

	/**
	 * Notes that an agent is revoked.
	 * @return whether it was not revoked before
	 */
	boolean revoke(AgentId agent) {
		boolean isNew = this.revoked.add(agent);
		announce(agent);
		return isNew;
	}

	/** Notes that an agent is not revoked. */
	void restore(AgentId agent) {
		this.revoked.remove(agent);
	}

	/**
	 * Notes that a tenant is disabled.
	 * @return whether it was enabled before
	 */
	boolean disable(String tenant) {
		boolean isNew = this.disabled.add(tenant);
		this.waiters.agents().stream().filter((agent) -> agent.tenant().equals(tenant)).forEach(this::announce);
		return isNew;
	}

	/** Notes that a tenant is enabled. */
	void enable(String tenant) {
		this.disabled.remove(tenant);
	}

	/** Forgets agents and tenants that are not kept out any more. */
	void retain(Predicate<AgentId> agents, Predicate<String> tenants) {
		this.revoked.removeIf(agents.negate());
		this.disabled.removeIf(tenants.negate());
	}

	int revokedAgents() {
		return this.revoked.size();
	}

	int disabledTenants() {
		return this.disabled.size();
	}

}
