package dev.switchboard.dns;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import dev.switchboard.protocol.NodeId;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** A pool in memory, which fails when a test says so. */
public final class TestZone implements Zone {

	public final AtomicInteger requests = new AtomicInteger();

	/** The failure of all requests; null if they succeed. */
	public volatile @Nullable DnsException failure;

	/** Completes when the provider has made all changes. */
	public volatile Mono<Void> settled = Mono.empty();

	private volatile List<PoolEntry> entries = List.of();

	@Override
	public Mono<PoolChange> change(Function<List<PoolEntry>, Mono<PoolChange>> plan) {
		return Mono.defer(() -> {
			this.requests.incrementAndGet();
			DnsException broken = this.failure;
			return (broken != null) ? Mono.error(broken) : plan.apply(this.entries).doOnNext(this::apply);
		});
	}

	@Override
	public Mono<Void> settled() {
		return this.settled;
	}

	private void apply(PoolChange change) {
		List<PoolEntry> changed = new ArrayList<>(this.entries);
		changed.removeAll(change.removed());
		changed.addAll(change.added());
		this.entries = List.copyOf(changed);
	}

	public List<PoolEntry> entries() {
		return this.entries;
	}

	public void put(PoolEntry entry) {
		apply(new PoolChange(List.of(), List.of(entry)));
	}

	public static PoolEntry entry(NodeId node, String... addresses) {
		return new PoolEntry(node, addresses(addresses));
	}

	public static Set<InetAddress> addresses(String... texts) {
		List<InetAddress> addresses = new ArrayList<>();
		for (String text : texts) {
			try {
				addresses.add(InetAddress.getByName(text));
			}
			catch (UnknownHostException ex) {
				throw new IllegalArgumentException(ex);
			}
		}
		return Set.copyOf(addresses);
	}

}
