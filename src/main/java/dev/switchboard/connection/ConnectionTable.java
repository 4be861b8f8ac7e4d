package dev.switchboard.connection;

import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

import dev.switchboard.protocol.AgentId;
import org.jspecify.annotations.Nullable;

/**
 * A hash table of connections by their agents. A connection is itself the entry, so it
 * costs the table only a slot. The table consists of stripes with linear probing (Knuth,
 * volume 3, 6.4, algorithms L and R). Writers lock a stripe. Readers lock a stripe only
 * if they find no connection that takes calls. Thread-safe.
 */
final class ConnectionTable {

	private static final int STRIPES = 256;

	private final Stripe[] stripes = new Stripe[STRIPES];

	private final LongAdder size = new LongAdder();

	ConnectionTable() {
		Arrays.setAll(this.stripes, (i) -> new Stripe());
	}

	@Nullable AgentConnection get(AgentId agent) {
		int hash = hash(agent);
		return stripe(hash).get(agent, hash);
	}

	/**
	 * Puts a connection in, unless the agent has one whose epoch is at least as high.
	 * @return the connection that is not in the table afterwards: the agent's earlier one
	 * or the given one; null if the agent had none
	 */
	@Nullable AgentConnection putIfNewer(AgentConnection connection) {
		AgentId agent = connection.agent();
		int hash = hash(agent);
		AgentConnection other = stripe(hash).putIfNewer(connection, agent, hash);
		if (other == null) {
			this.size.increment();
		}
		return other;
	}

	/**
	 * Takes the connection out.
	 * @return whether it was in the table
	 */
	boolean remove(AgentConnection connection) {
		AgentId agent = connection.agent();
		int hash = hash(agent);
		boolean removed = stripe(hash).remove(connection, agent, hash);
		if (removed) {
			this.size.decrement();
		}
		return removed;
	}

	/**
	 * Applies the action to each connection that is in the table during the whole run,
	 * and perhaps to some that come or go meanwhile.
	 */
	void forEach(Consumer<AgentConnection> action) {
		for (Stripe stripe : this.stripes) {
			for (AgentConnection connection : stripe.copy()) {
				action.accept(connection);
			}
		}
	}

	int size() {
		return this.size.intValue();
	}

	private Stripe stripe(int hash) {
		return this.stripes[hash >>> 24];
	}

	/**
	 * Returns the agent's hash code, mixed by the finaliser of MurmurHash3, so that
	 * similar codes are spread over the table.
	 */
	static int hash(AgentId agent) {
		int hash = agent.hashCode();
		hash = (hash ^ (hash >>> 16)) * 0x85EBCA6B;
		hash = (hash ^ (hash >>> 13)) * 0xC2B2AE35;
		return hash ^ (hash >>> 16);
	}

	/**
	 * A part of the table with a lock of its own, never more than three quarters full.
	 */
	private static final class Stripe {

		private volatile @Nullable AgentConnection[] slots = new AgentConnection[4];

		private int used;

		/**
		 * Returns the agent's connection. Reads without the lock first. If nothing is
		 * found, reads again under the lock, since a writer may just have been moving the
		 * entry. If a connection is found that takes no new calls, reads again too, since
		 * a newer one may have replaced it.
		 */
		@Nullable AgentConnection get(AgentId agent, int hash) {
			@Nullable AgentConnection[] seen = this.slots;
			AgentConnection hit = seen[find(seen, agent, hash)];
			boolean sure = hit != null && hit.isOf(agent) && hit.accepts();
			return sure ? hit : getLocked(agent, hash);
		}

		private synchronized @Nullable AgentConnection getLocked(AgentId agent, int hash) {
			return this.slots[find(this.slots, agent, hash)];
		}

		synchronized @Nullable AgentConnection putIfNewer(AgentConnection connection, AgentId agent, int hash) {
			int slot = find(this.slots, agent, hash);
			AgentConnection present = this.slots[slot];
			if (present != null && present.epoch() >= connection.epoch()) {
				return connection;
			}
			this.slots[slot] = connection;
			if (present == null && ++this.used * 4 > this.slots.length * 3) {
				resize(this.slots.length * 2);
			}
			return present;
		}

		synchronized boolean remove(AgentConnection connection, AgentId agent, int hash) {
			int slot = find(this.slots, agent, hash);
			if (this.slots[slot] != connection) {
				return false;
			}
			closeGap(slot);
			if (--this.used * 8 < this.slots.length && this.slots.length > 4) {
				resize(this.slots.length / 2);
			}
			return true;
		}

		/**
		 * Fills the gap that a removed entry leaves. Looks at the entries after the gap.
		 * An entry whose search begins at or before the gap moves into it, and leaves the
		 * next gap. An entry whose search begins after the gap stays.
		 */
		private void closeGap(int gap) {
			@Nullable AgentConnection[] all = this.slots;
			int mask = all.length - 1;
			int free = gap;
			int i = (gap + 1) & mask;
			for (AgentConnection next = all[i]; next != null; next = all[i]) {
				int home = hash(next.agent()) & mask;
				if (((i - home) & mask) >= ((i - free) & mask)) {
					all[free] = next;
					free = i;
				}
				i = (i + 1) & mask;
			}
			all[free] = null;
		}

		private void resize(int capacity) {
			@Nullable AgentConnection[] larger = new AgentConnection[capacity];
			for (AgentConnection connection : this.slots) {
				if (connection != null) {
					AgentId agent = connection.agent();
					larger[find(larger, agent, hash(agent))] = connection;
				}
			}
			this.slots = larger;
		}

		/**
		 * Returns the slot of the agent's connection; if there is none, the free slot for
		 * it.
		 */
		private static int find(@Nullable AgentConnection[] slots, AgentId agent, int hash) {
			int mask = slots.length - 1;
			int slot = hash & mask;
			for (AgentConnection c = slots[slot]; c != null && !c.isOf(agent); c = slots[slot]) {
				slot = (slot + 1) & mask;
			}
			return slot;
		}

		synchronized AgentConnection[] copy() {
			return Arrays.stream(this.slots).filter((slot) -> slot != null).toArray(AgentConnection[]::new);
		}

	}

}
