package dev.switchboard.connection;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.switchboard.protocol.DisconnectReason;
import dev.switchboard.quota.ByteBudget;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.util.concurrent.EventExecutor;
import reactor.core.publisher.Flux;

/**
 * Closes the connections that hold the most bytes, when the node or a tenant is above its
 * limit of bytes: of this tenant's connections, or of all, as many as are needed to come
 * well below the limit. Thread-safe.
 */
final class LargestHolders {

	static final String TEXT = "the node has no memory left for what waits for this agent";

	private final ByteBudget budget;

	private final List<Holdings> loops = new CopyOnWriteArrayList<>();

	private final AtomicBoolean closing = new AtomicBoolean();

	private final Counter closed;

	LargestHolders(ByteBudget budget, MeterRegistry meters) {
		this.budget = budget;
		this.closed = Counter.builder("switchboard.budget.closed")
			.description("Connections that were closed because they held the most bytes")
			.register(meters);
		budget.onExcess(this::close);
	}

	/** Returns the account of the connections of one event loop. */
	Holdings on(EventExecutor loop) {
		Holdings holdings = new Holdings(loop, this.budget);
		this.loops.add(holdings);
		return holdings;
	}

	private void close() {
		if (this.closing.compareAndSet(false, true)) {
			Flux.fromIterable(this.loops)
				.flatMap(Holdings::list)
				.flatMapIterable((holders) -> holders)
				.collectList()
				.doFinally((_) -> this.closing.set(false))
				.subscribe(this::closeLargest);
		}
	}

	private void closeLargest(List<Holdings.Holder> holders) {
		ByteBudget.Excess excess = this.budget.excess();
		Remainder remainder = new Remainder(excess.ofNode(), new HashMap<>(excess.ofTenants()));
		holders.stream().filter(Holdings.Holder::closing).forEach(remainder::free);
		holders.stream()
			.filter((holder) -> !holder.closing())
			.sorted(Comparator.comparingLong(Holdings.Holder::bytes).reversed())
			.filter(remainder::asksFor)
			.forEach((holder) -> {
				remainder.free(holder);
				close(holder.connection());
			});
	}

	private void close(ObservedConnection connection) {
		connection.onLoop(() -> {
			if (!connection.isClosing()) {
				this.closed.increment();
				connection.close(DisconnectReason.TOO_SLOW, TEXT);
			}
		});
	}

	/** The bytes that are still to be freed. */
	private static final class Remainder {

		private final Map<String, Long> ofTenants;

		private long ofNode;

		Remainder(long ofNode, Map<String, Long> ofTenants) {
			this.ofNode = ofNode;
			this.ofTenants = ofTenants;
		}

		boolean asksFor(Holdings.Holder holder) {
			return this.ofNode > 0 || this.ofTenants.getOrDefault(holder.tenant(), 0L) > 0;
		}

		void free(Holdings.Holder holder) {
			this.ofNode -= holder.bytes();
			this.ofTenants.computeIfPresent(holder.tenant(), (_, left) -> left - holder.bytes());
		}

	}

}
