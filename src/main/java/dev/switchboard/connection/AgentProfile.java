package dev.switchboard.connection;

import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.WeakHashMap;

import dev.switchboard.label.AgentDescription;
import org.jspecify.annotations.Nullable;

/**
 * What a connection has in common with the connections of similar agents, so that they
 * share one object. Profiles that no connection has are garbage-collected.
 *
 * @param tenant the agents' tenant
 * @param description the agents' description of themselves; null if it is not known
 */
record AgentProfile(String tenant, @Nullable AgentDescription description) {

	private static final Map<AgentProfile, WeakReference<AgentProfile>> SHARED = new WeakHashMap<>();

	/** Returns the one profile with this content. Thread-safe. */
	static AgentProfile shared(String tenant, @Nullable AgentDescription description) {
		AgentProfile wanted = new AgentProfile(tenant, description);
		synchronized (SHARED) {
			WeakReference<AgentProfile> known = SHARED.get(wanted);
			AgentProfile shared = (known != null) ? known.get() : null;
			if (shared == null) {
				SHARED.put(wanted, new WeakReference<>(wanted));
				shared = wanted;
			}
			return shared;
		}
	}

	/** Returns the profile of the same tenant with another description. */
	AgentProfile with(AgentDescription other) {
		return shared(this.tenant, other);
	}

}
