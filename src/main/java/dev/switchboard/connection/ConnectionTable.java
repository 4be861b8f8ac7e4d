package dev.switchboard.connection;

import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

import dev.switchboard.protocol.AgentId;
import org.jspecify.annotations.Nullable;

/**
 * Connections by their agents: a hash table in which a connection costs only its slot,
 * since it is its own entry. It has stripes with linear probing (Knuth, volume 3, 6.4,
 * algorithms L and R). Writers lock their stripe; readers lock it only to be sure that an
 * entry is missing. Thread-safe.
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
	 * Puts a connection in, unless the agent has one whose epoch is as high or higher.
	 * @return the connection that is left out: the agent's earlier one, the given one, or
	 * null
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
	 * @return whether it was in
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

	/** Spreads similar hashes (the finaliser of MurmurHash3). */
	private static int hash(AgentId agent) {
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
		 * A hit may be read without the lock, since entries only move within the array. A
		 * miss is read again under the lock, since the entry may have been moving. A
		 * connection that takes no new calls is read again too, since it may have a
		 * successor.
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
		 * Moves each following entry into the gap, unless its own slot is after the gap.
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

		/** The slot in which the agent's connection is, or would be. */
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
