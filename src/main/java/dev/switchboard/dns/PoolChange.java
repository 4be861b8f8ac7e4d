package dev.switchboard.dns;

import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A change of a pool that is made as one: all of it or nothing.
 *
 * @param removed the entries that go; each is in the pool
 * @param added the entries that come
 */
public record PoolChange(List<PoolEntry> removed, List<PoolEntry> added) {

	/** The change that changes nothing. */
	static final PoolChange NONE = new PoolChange(List.of(), List.of());

	public PoolChange {
		removed = List.copyOf(removed);
		added = List.copyOf(added);
	}

	public boolean isEmpty() {
		return this.removed.isEmpty() && this.added.isEmpty();
	}

	/**
	 * Returns the addresses that no entry has any more after this change. An address that
	 * a different entry has, too, stays.
	 * @param before the entries before this change
	 */
	Set<InetAddress> addressesGone(List<PoolEntry> before) {
		Set<InetAddress> gone = addresses(this.removed.stream());
		gone.removeAll(addresses(
				Stream.concat(before.stream().filter((entry) -> !this.removed.contains(entry)), this.added.stream())));
		return gone;
	}

	private static Set<InetAddress> addresses(Stream<PoolEntry> entries) {
		return entries.flatMap((entry) -> entry.addresses().stream()).collect(Collectors.toCollection(HashSet::new));
	}

}
