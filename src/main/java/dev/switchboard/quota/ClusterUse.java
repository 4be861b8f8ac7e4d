package dev.switchboard.quota;

import java.util.ArrayList;
import java.util.List;

/**
 * What tenants use on the other nodes, as far as this node knows. All nodes order
 * themselves by their ids, so that all round their shares in the same way.
 *
 * @param before the use of each node whose id is lower than that of this node
 * @param after the use of each node whose id is higher than that of this node
 */
public record ClusterUse(List<NodeUse> before, List<NodeUse> after) {

	/** The cluster of a node that knows no others. */
	static final ClusterUse ALONE = new ClusterUse(List.of(), List.of());

	public ClusterUse {
		before = List.copyOf(before);
		after = List.copyOf(after);
	}

	/** Returns the number of nodes, this one included. */
	int size() {
		return this.before.size() + 1 + this.after.size();
	}

	/** Returns the place of this node in the order of nodes. */
	int self() {
		return this.before.size();
	}

	/** Returns the uses of one quota by one tenant, in the order of nodes. */
	List<Use> uses(String tenant, Quota quota, Use here) {
		List<Use> uses = new ArrayList<>(size());
		this.before.forEach((node) -> uses.add(node.of(tenant, quota)));
		uses.add(here);
		this.after.forEach((node) -> uses.add(node.of(tenant, quota)));
		return uses;
	}

}
