package dev.switchboard.quota;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.time.TimeSource;

/**
 * Holds tenants to their quotas. A quota is for the whole cluster, and each node has a
 * share of it. A use looks only at this node's share, so it costs one look into a map and
 * one or two atomic operations. Once a period the shares are computed anew, from what
 * tenants use on all nodes. A tenant that uses nothing is forgotten. Thread-safe.
 */
public final class TenantLimits {

	/** Callers that were refused return within this time. */
	private static final Duration CALLERS_RETRY = Duration.ofSeconds(2);

	/** Agents that were refused return within this time. */
	private static final Duration AGENTS_RETRY = Duration.ofSeconds(30);

	/** Tenants beyond this number have the quotas of one tenant together. */
	static final int MAX_TENANTS = 20_000;

	/** No tenant has this name. */
	private static final String FURTHER_TENANTS = "";

	private final TenantQuotas quotas;

	private final TimeSource time;

	private final Map<String, TenantMeters> tenants = new ConcurrentHashMap<>();

	private final Map<Quota, LongAdder> refused = new EnumMap<>(Quota.class);

	private volatile ClusterUse cluster = ClusterUse.ALONE;

	private volatile long periodBegan;

	public TenantLimits(TenantQuotas quotas, TimeSource time) {
		this.quotas = quotas;
		this.time = time;
		this.periodBegan = time.nanoTime();
		for (Quota quota : Quota.values()) {
			this.refused.put(quota, new LongAdder());
		}
	}

	/** Returns limits that no tenant reaches. */
	public static TenantLimits unlimited() {
		return new TenantLimits(new KnownQuotas(Quotas.of((_) -> Long.MAX_VALUE)), TimeSource.SYSTEM);
	}

	/**
	 * Takes an amount of a quota that counts what happens in a second.
	 * @return whether the tenant may use it
	 */
	public boolean tryTake(Quota quota, String tenant, long amount) {
		return meters(tenant).rate(quota).tryTake(amount, this.time.nanoTime());
	}

	/**
	 * Takes an amount as {@link #tryTake} does.
	 * @throws ProblemException if the tenant may not use it
	 */
	public void take(Quota quota, String tenant, long amount) {
		if (!tryTake(quota, tenant, amount)) {
			throw refusal(quota, tenant);
		}
	}

	/**
	 * Takes an amount that is used already. If it is more than is left, the tenant has to
	 * wait with its next use.
	 */
	public void charge(Quota quota, String tenant, long amount) {
		meters(tenant).rate(quota).take(amount, this.time.nanoTime());
	}

	/**
	 * Returns the places of a quota that counts what there is at a time. Those who hold
	 * places keep the result for as long.
	 */
	public Occupancy places(Quota quota, String tenant) {
		return meters(tenant).places(quota);
	}

	/**
	 * Returns the places for the connections of a tenant. They are the same for as long
	 * as there is a connection, so connections need not keep the result.
	 */
	public Occupancy connections(String tenant) {
		TenantMeters known = this.tenants.get(tenant);
		return ((known != null) ? known : newMeters(tenant)).places(Quota.CONNECTIONS);
	}

	/**
	 * Checks whether a place is free, and takes none.
	 * @throws ProblemException if none is
	 */
	public void requireRoom(Quota quota, String tenant) {
		if (!places(quota, tenant).hasRoom()) {
			throw refusal(quota, tenant);
		}
	}

	private TenantMeters meters(String tenant) {
		TenantMeters known = this.tenants.get(tenant);
		return (known != null) ? known : newMeters((this.tenants.size() < MAX_TENANTS) ? tenant : FURTHER_TENANTS);
	}

	private TenantMeters newMeters(String tenant) {
		return this.tenants.computeIfAbsent(tenant, (name) -> {
			TenantMeters meters = new TenantMeters(name, this.time.nanoTime());
			meters.share(this.quotas.of(name), this.cluster);
			return meters;
		});
	}

	/** Counts a refusal, and makes its problem, which names the quota. */
	public ProblemException refusal(Quota quota, String tenant) {
		count(quota);
		boolean agents = quota == Quota.CONNECTIONS || quota == Quota.HANDSHAKES_PER_SECOND;
		return new ProblemException(agents ? Problem.UNAVAILABLE : Problem.TOO_MANY_REQUESTS, "The tenant's quota "
				+ quota.text() + " (" + this.quotas.of(tenant).of(quota) + " in the whole cluster) is used up")
			.retryWithin(agents ? AGENTS_RETRY : CALLERS_RETRY);
	}

	/** Counts a refusal. */
	public void count(Quota quota) {
		counter(quota).increment();
	}

	private LongAdder counter(Quota quota) {
		LongAdder counter = this.refused.get(quota);
		if (counter == null) {
			throw new IllegalArgumentException("no counter for " + quota);
		}
		return counter;
	}

	/**
	 * Ends a period. Only one thread at a time calls this method and {@link #share}.
	 * @return what tenants use on this node, as far as it may matter to the other nodes
	 */
	public NodeUse endPeriod() {
		long now = this.time.nanoTime();
		double seconds = Math.max(now - this.periodBegan, 1) / (double) TimeUnit.SECONDS.toNanos(1);
		this.periodBegan = now;
		NodeUse.Builder report = new NodeUse.Builder();
		this.tenants.forEach(
				(tenant, meters) -> meters.endPeriod(seconds, this.quotas.of(tenant), this.cluster.size(), report));
		this.tenants.values().removeIf(TenantMeters::isIdle);
		return report.build();
	}

	/**
	 * Computes the shares of this node.
	 * @param others what tenants use on the other nodes
	 */
	public void share(ClusterUse others) {
		this.cluster = others;
		this.tenants.forEach((tenant, meters) -> meters.share(this.quotas.of(tenant), others));
	}

	/** Returns how many tenants use something on this node. */
	int size() {
		return this.tenants.size();
	}

	/** Returns how often a quota was used up when a tenant asked for more. */
	long refused(Quota quota) {
		return counter(quota).sum();
	}

}
