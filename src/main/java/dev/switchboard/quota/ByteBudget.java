package dev.switchboard.quota;

import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import org.jspecify.annotations.Nullable;

/**
 * The bytes that this node holds for its peers, and their limits: one for the node and
 * one for each tenant. Only what is held is counted, so an idle agent and a plain call
 * change nothing here. Above the {@linkplain #admit first mark} calls that would be held
 * are refused. At the {@linkplain #tryAdd second mark} calls and outcomes get nothing
 * more. Above the limit the largest holders are to be closed ({@link #onExcess}).
 * Thread-safe.
 */
public final class ByteBudget {

	/** Callers and agents that were refused return within this time. */
	public static final Duration RETRY_WITHIN = Duration.ofSeconds(10);

	private static final int FIRST_MARK_PERCENT = 80;

	private static final int SECOND_MARK_PERCENT = 90;

	private final long limit;

	private final long limitOfTenant;

	private final AtomicLong total = new AtomicLong();

	private final Map<BudgetKind, LongAdder> kinds = new EnumMap<>(BudgetKind.class);

	/** The bytes of each tenant that has any. */
	private final Map<String, Long> tenants = new ConcurrentHashMap<>();

	private final LongAdder refusedByTenant = new LongAdder();

	private final LongAdder refusedByNode = new LongAdder();

	private volatile Runnable onExcess = () -> {
	};

	/**
	 * @param limit the limit of the node, in bytes
	 * @param limitOfTenant the limit of each tenant, in bytes
	 */
	public ByteBudget(long limit, long limitOfTenant) {
		this.limit = limit;
		this.limitOfTenant = limitOfTenant;
		for (BudgetKind kind : BudgetKind.values()) {
			this.kinds.put(kind, new LongAdder());
		}
	}

	/** Returns a budget without limits. */
	public static ByteBudget unlimited() {
		return new ByteBudget(Long.MAX_VALUE, Long.MAX_VALUE);
	}

	/**
	 * Sets the task that is run when bytes were added and the node or a tenant is above
	 * its limit. It runs on the thread that has added the bytes, perhaps on several
	 * threads at a time.
	 */
	public void onExcess(Runnable task) {
		this.onExcess = task;
	}

	/**
	 * Counts bytes that are held from now on, or with a negative number bytes that are
	 * not held any more. Each byte must be taken off as often as it was added.
	 * @param tenant the tenant for whom the bytes are held; null if it is not known yet
	 */
	public void add(BudgetKind kind, @Nullable String tenant, long change) {
		long held = this.total.addAndGet(change);
		counter(kind).add(change);
		long heldByTenant = (tenant != null) ? addTo(tenant, change) : 0;
		if (change > 0 && (held > this.limit || heldByTenant > this.limitOfTenant)) {
			this.onExcess.run();
		}
	}

	private long addTo(String tenant, long change) {
		Long held = this.tenants.merge(tenant, change,
				(before, added) -> (before + added != 0) ? before + added : null);
		return (held != null) ? held : 0;
	}

	private LongAdder counter(BudgetKind kind) {
		LongAdder counter = this.kinds.get(kind);
		if (counter == null) {
			throw new IllegalArgumentException("no counter for " + kind);
		}
		return counter;
	}

	/**
	 * Counts bytes as {@link #add} does, unless the node or the tenant is above its
	 * second mark with them. A tenth of each limit so remains for the connections of
	 * agents.
	 * @return whether the bytes were counted
	 */
	public boolean tryAdd(BudgetKind kind, String tenant, long bytes) {
		if (held() + bytes > percent(this.limit, SECOND_MARK_PERCENT)
				|| heldBy(tenant) + bytes > percent(this.limitOfTenant, SECOND_MARK_PERCENT)) {
			return false;
		}
		add(kind, tenant, bytes);
		return true;
	}

	/**
	 * Admits a call that would be held: an asynchronous call, one with a key, or one that
	 * waits for its agent.
	 * @throws ProblemException if the tenant or the node is above its first mark
	 */
	public void admit(String tenant) {
		if (heldBy(tenant) > percent(this.limitOfTenant, FIRST_MARK_PERCENT)
				|| held() > percent(this.limit, FIRST_MARK_PERCENT)) {
			throw refusal(tenant);
		}
	}

	/** Makes the problem of a tenant's request for which there are no bytes left. */
	public ProblemException refusal(String tenant) {
		if ((double) heldBy(tenant) / this.limitOfTenant >= (double) held() / this.limit) {
			this.refusedByTenant.increment();
			return new ProblemException(Problem.TOO_MANY_REQUESTS,
					"The tenant's share of the node's memory budget is used up")
				.retryWithin(RETRY_WITHIN);
		}
		this.refusedByNode.increment();
		return new ProblemException(Problem.UNAVAILABLE, "The node's memory budget is used up")
			.retryWithin(RETRY_WITHIN);
	}

	/** Whether the node or the tenant is at its limit. */
	public boolean isFull(String tenant) {
		return held() >= this.limit || heldBy(tenant) >= this.limitOfTenant;
	}

	/** Returns how much must be freed to come well below the limits. */
	public Excess excess() {
		Map<String, Long> ofTenants = new HashMap<>();
		this.tenants.forEach((tenant, held) -> {
			if (held > this.limitOfTenant) {
				ofTenants.put(tenant, held - percent(this.limitOfTenant, SECOND_MARK_PERCENT));
			}
		});
		long held = held();
		return new Excess((held > this.limit) ? held - percent(this.limit, SECOND_MARK_PERCENT) : 0, ofTenants);
	}

	/**
	 * The bytes to free.
	 *
	 * @param ofNode the bytes to free, of whatever tenants
	 * @param ofTenants the bytes to free of each tenant that is above its limit
	 */
	public record Excess(long ofNode, Map<String, Long> ofTenants) {
	}

	private static long percent(long limit, int percent) {
		return limit / 100 * percent;
	}

	/** Returns all bytes that are held. */
	long held() {
		return this.total.get();
	}

	/** Returns the bytes that are held for one purpose. */
	public long held(BudgetKind kind) {
		return counter(kind).sum();
	}

	long heldBy(String tenant) {
		return this.tenants.getOrDefault(tenant, 0L);
	}

	/** Returns the limit of the node, in bytes. */
	public long limit() {
		return this.limit;
	}

	long refused(boolean byTenant) {
		return (byTenant ? this.refusedByTenant : this.refusedByNode).sum();
	}

}
