package dev.switchboard.dns;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import dev.switchboard.node.NodeRecord;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.time.TimeSource;
import reactor.core.publisher.Mono;

/**
 * Makes the pool in DNS as it should be: with or without this node, and without nodes
 * that no longer exist. The caller must not start a {@link #run} before the previous one
 * has ended.
 */
final class PoolUpkeep {

	/**
	 * The longest time between asking for the list of nodes and using it. If more time
	 * has passed, for example because this process was paused, the list is too old. Then
	 * this turn removes no entries of other nodes.
	 */
	private static final Duration LIST_LIMIT = Duration.ofSeconds(2);

	private final NodeId self;

	private final Zone zone;

	private final OwnAddresses addresses;

	/** The nodes of the directory; an error if the directory does not answer. */
	private final Mono<List<NodeRecord>> nodes;

	private final Leftovers leftovers;

	private final TimeSource time;

	private volatile int alive = 1;

	/**
	 * @param nodes reads the nodes of the directory
	 */
	PoolUpkeep(NodeId self, Zone zone, OwnAddresses addresses, Mono<List<NodeRecord>> nodes, Leftovers leftovers,
			TimeSource time) {
		this.self = self;
		this.zone = zone;
		this.addresses = addresses;
		this.nodes = nodes;
		this.leftovers = leftovers;
		this.time = time;
	}

	/** Returns how many nodes were alive when the directory was last read; at least 1. */
	int alive() {
		return this.alive;
	}

	/**
	 * Reads the pool and changes it where that is necessary.
	 * @param in whether this node belongs in the pool
	 * @return the change that was made
	 */
	Mono<PoolChange> run(boolean in) {
		return own(in).flatMap((own) -> this.zone.change((entries) -> plan(entries, own)));
	}

	/** Waits until clients of DNS see the last change; never ends with an error. */
	Mono<Void> settled() {
		return this.zone.settled();
	}

	/** Returns this node's entry as it should be; none if there should be none. */
	private Mono<Optional<PoolEntry>> own(boolean in) {
		return in ? this.addresses.get().map((known) -> Optional.of(new PoolEntry(this.self, known)))
				: Mono.just(Optional.empty());
	}

	/**
	 * Plans a change. While the directory does not answer, the change is about this
	 * node's own entry only.
	 */
	private Mono<PoolChange> plan(List<PoolEntry> entries, Optional<PoolEntry> own) {
		return Mono.defer(() -> {
			long asked = this.time.nanoTime();
			return this.nodes.map(Optional::of)
				.onErrorReturn(Optional.empty())
				.map((known) -> plan(entries, own, known.filter((_) -> isFresh(asked))));
		});
	}

	private boolean isFresh(long asked) {
		return this.time.nanoTime() - asked <= LIST_LIMIT.toNanos();
	}

	private PoolChange plan(List<PoolEntry> entries, Optional<PoolEntry> own, Optional<List<NodeRecord>> nodes) {
		List<PoolEntry> removed = new ArrayList<>(entries.stream().filter((entry) -> isOld(entry, own)).toList());
		nodes.ifPresent((listed) -> {
			Set<NodeId> living = Leftovers.alive(listed);
			this.alive = Math.max(1, living.size());
			removed.addAll(this.leftovers.among(entries, listed));
			predecessors(entries, own, living).filter((entry) -> !removed.contains(entry)).forEach(removed::add);
		});
		List<PoolEntry> added = own.filter((entry) -> !entries.contains(entry)).map(List::of).orElse(List.of());
		return new PoolChange(removed, added);
	}

	/** Whether an entry is this node's, but not as it should be. */
	private boolean isOld(PoolEntry entry, Optional<PoolEntry> own) {
		return entry.node().equals(this.self) && !own.equals(Optional.of(entry));
	}

	/**
	 * Returns the entries of processes that ran on this machine before and are not alive.
	 * Such an entry has only addresses that this node has, too.
	 */
	private Stream<PoolEntry> predecessors(List<PoolEntry> entries, Optional<PoolEntry> own, Set<NodeId> living) {
		Set<InetAddress> mine = own
			.or(() -> entries.stream().filter((entry) -> entry.node().equals(this.self)).findFirst())
			.map(PoolEntry::addresses)
			.orElse(Set.of());
		return entries.stream()
			.filter((entry) -> !entry.node().equals(this.self) && !living.contains(entry.node())
					&& mine.containsAll(entry.addresses()));
	}

}
