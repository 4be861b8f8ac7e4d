package dev.switchboard.connection;

import com.github.benmanes.caffeine.cache.Interner;
import dev.switchboard.label.AgentDescription;
import org.jspecify.annotations.Nullable;

/**
 * What a connection has in common with the connections of similar agents, so that they
 * share one object. Profiles that no connection has are garbage-collected.
 *
 * @param group the agents' group
 * @param description the agents' description of themselves; null if it is not known
 */
record AgentProfile(AgentGroup group, @Nullable AgentDescription description) {

	private static final Interner<AgentProfile> SHARED = Interner.newWeakInterner();

	/** Returns the one profile of agents whose description is not known. Thread-safe. */
	static AgentProfile of(AgentCredentials credentials) {
		return shared(AgentGroup.shared(credentials.agent().tenant(), credentials.key()), null);
	}

	private static AgentProfile shared(AgentGroup group, @Nullable AgentDescription description) {
		return SHARED.intern(new AgentProfile(group, description));
	}

	String tenant() {
		return this.group.tenant();
	}

	/** Returns the profile of the same group with another description. */
	AgentProfile with(AgentDescription other) {
		return shared(this.group, other);
	}

	/** Returns the profile with the same description of the group of credentials. */
	AgentProfile with(AgentCredentials credentials) {
		return shared(AgentGroup.shared(tenant(), credentials.key()), this.description);
	}

}
