package dev.switchboard.push;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.switchboard.time.TimeSource;
import io.r2dbc.spi.Connection;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Knows about how many pushes wait for the agents of each tenant, without a count for
 * each push. A count gives this node a budget: a tenth of what is left, and at least a
 * hundredth of the limit. It counts again when the budget is used up, and after ten
 * seconds. So a few nodes together exceed the limit by a few hundredths at most. Used by
 * one batch at a time.
 */
final class TenantAmounts {

	private static final int MAX_TENANTS = 10_000;

	private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(10);

	/** How long a tenant is known to be at its limit without a new count. */
	private static final long FULL_NANOS = TimeUnit.SECONDS.toNanos(1);

	private final ToIntFunction<String> limits;

	private final Runnable refused;

	private final TimeSource time;

	private final Cache<String, Amount> amounts;

	/** What is known of one tenant. */
	private static final class Amount {

		private final long counted;

		private final long atNanos;

		private final long budget;

		private long taken;

		private Amount(long counted, long atNanos, int limit) {
			this.counted = counted;
			this.atNanos = atNanos;
			this.budget = Math.max(limit / 100, (limit - counted) / 10);
		}

		private long waiting() {
			return this.counted + this.taken;
		}

	}

	/**
	 * @param limits gives the most pushes that may wait for the agents of a tenant
	 * @param refused is run for each push for which there is no place
	 */
	TenantAmounts(ToIntFunction<String> limits, Runnable refused, TimeSource time) {
		this.limits = limits;
		this.refused = refused;
		this.time = time;
		this.amounts = Caffeine.newBuilder()
			.maximumSize(MAX_TENANTS)
			.expireAfterWrite(Duration.ofNanos(FRESH_NANOS))
			.executor(Runnable::run)
			.ticker(time::nanoTime)
			.build();
	}

	/**
	 * Counts where that is needed before some more pushes are stored.
	 * @param more how many pushes of each tenant are to be stored
	 */
	Mono<Void> prepare(Connection connection, Map<String, Integer> more) {
		Map<String, Integer> unknown = new HashMap<>(more);
		unknown.entrySet()
			.removeIf((each) -> suffices(this.amounts.getIfPresent(each.getKey()), each.getValue(),
					limit(each.getKey())));
		return Flux.fromIterable(unknown.keySet())
			.concatMap((tenant) -> WaitingTable.count(connection, tenant, limit(tenant))
				.doOnNext((counted) -> this.amounts.put(tenant,
						new Amount(counted, this.time.nanoTime(), limit(tenant)))))
			.then();
	}

	/** Returns the most pushes that may wait for the agents of a tenant. */
	int limit(String tenant) {
		return this.limits.applyAsInt(tenant);
	}

	private boolean suffices(@Nullable Amount amount, int more, int limit) {
		if (amount == null) {
			return false;
		}
		boolean full = amount.waiting() + more > limit;
		return full ? this.time.nanoTime() - amount.atNanos < FULL_NANOS : amount.taken + more <= amount.budget;
	}

	/**
	 * Takes a place for one push.
	 * @return false if the tenant has as many waiting pushes as it may
	 */
	boolean take(String tenant) {
		Amount amount = this.amounts.getIfPresent(tenant);
		if (amount == null || amount.waiting() >= limit(tenant)) {
			return amount == null || refuse();
		}
		amount.taken++;
		return true;
	}

	private boolean refuse() {
		this.refused.run();
		return false;
	}

}
