package dev.switchboard.connection;

import com.github.benmanes.caffeine.cache.Interner;
import org.jspecify.annotations.Nullable;

/**
 * The agents of a tenant whose credentials the same key has signed. There are few groups,
 * so a connection costs no byte for its key. Groups that no connection has are
 * garbage-collected.
 *
 * @param tenant the agents' tenant
 * @param key the name of the key; null if no key has signed the agents' credentials
 */
record AgentGroup(String tenant, @Nullable String key) {

	private static final Interner<AgentGroup> SHARED = Interner.newWeakInterner();

	/** Returns the one group with this content. Thread-safe. */
	static AgentGroup shared(String tenant, @Nullable String key) {
		return SHARED.intern(new AgentGroup(tenant, key));
	}

}
