package dev.switchboard.quota;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/**
 * What tenants use on one node. It has only what may matter to the other nodes.
 * Immutable.
 */
public final class NodeUse {

	/** The use of a node on which no tenant uses anything. */
	public static final NodeUse NOTHING = new NodeUse(Map.of());

	private final Map<String, Map<Quota, Use>> tenants;

	private NodeUse(Map<String, Map<Quota, Use>> tenants) {
		this.tenants = tenants;
	}

	/** Takes each entry of a node's use. */
	@FunctionalInterface
	public interface Visitor {

		void visit(String tenant, Quota quota, Use use);

	}

	/** Collects the use of a node. Not thread-safe. */
	public static final class Builder {

		private final Map<String, Map<Quota, Use>> tenants = new HashMap<>();

		/** Adds how much of a quota a tenant uses. */
		public Builder add(String tenant, Quota quota, Use use) {
			this.tenants.computeIfAbsent(tenant, (_) -> new EnumMap<>(Quota.class)).put(quota, use);
			return this;
		}

		/** Returns the use. The builder must not be used afterwards. */
		public NodeUse build() {
			return new NodeUse(this.tenants);
		}

	}

	Use of(String tenant, Quota quota) {
		Map<Quota, Use> uses = this.tenants.get(tenant);
		return (uses != null) ? uses.getOrDefault(quota, Use.NONE) : Use.NONE;
	}

	/** Returns the same use without one quota. */
	public NodeUse without(Quota quota) {
		Builder others = new Builder();
		forEach((tenant, each, use) -> {
			if (each != quota) {
				others.add(tenant, each, use);
			}
		});
		return others.build();
	}

	/** Whether there is nothing that matters to the other nodes. */
	public boolean isNothing() {
		return this.tenants.isEmpty();
	}

	/** Visits all entries, in no order. */
	public void forEach(Visitor visitor) {
		this.tenants.forEach((tenant, uses) -> uses.forEach((quota, use) -> visitor.visit(tenant, quota, use)));
	}

}
