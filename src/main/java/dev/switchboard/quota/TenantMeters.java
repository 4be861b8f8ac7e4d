package dev.switchboard.quota;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The meters of one tenant on this node. */
final class TenantMeters {

	/** Periods without any use after which the meters are forgotten. */
	private static final int IDLE_PERIODS = 10;

	/** The other nodes need not know of uses that are less than this part of a share. */
	private static final double NEGLIGIBLE = 0.02;

	private final String tenant;

	private final Map<Quota, Meter> meters = new EnumMap<>(Quota.class);

	private int idlePeriods;

	TenantMeters(String tenant, long now) {
		this.tenant = tenant;
		for (Quota quota : Quota.values()) {
			switch (quota.kind()) {
				case RATE -> this.meters.put(quota, new RateMeter(now));
				case PLACES -> this.meters.put(quota, new Occupancy());
				case STORED -> {
				}
			}
		}
	}

	RateMeter rate(Quota quota) {
		return meter(quota, RateMeter.class);
	}

	Occupancy places(Quota quota) {
		return meter(quota, Occupancy.class);
	}

	private <T extends Meter> T meter(Quota quota, Class<T> type) {
		Meter meter = this.meters.get(quota);
		if (!type.isInstance(meter)) {
			throw new IllegalArgumentException(quota + " is not measured in this way");
		}
		return type.cast(meter);
	}

	/** Ends a period, and adds what the other nodes need to know. */
	void endPeriod(double seconds, Quotas quotas, int nodes, NodeUse.Builder report) {
		boolean[] used = new boolean[1];
		this.meters.forEach((quota, meter) -> {
			double amount = quotas.of(quota);
			used[0] |= meter.endPeriod(seconds, amount);
			Use use = meter.use();
			if (use.asked() > 0 && use.asked() >= amount * NEGLIGIBLE / nodes) {
				report.add(this.tenant, quota, use);
			}
		});
		this.idlePeriods = used[0] ? 0 : this.idlePeriods + 1;
	}

	boolean isIdle() {
		return this.idlePeriods >= IDLE_PERIODS;
	}

	/** Computes the shares of this node. */
	void share(Quotas quotas, ClusterUse cluster) {
		this.meters.forEach((quota, meter) -> {
			List<Use> uses = cluster.uses(this.tenant, quota, meter.use());
			double amount = quotas.of(quota);
			double[] shares = (quota.kind() == Quota.Kind.PLACES) ? Shares.ofPlaces(amount, uses)
					: Shares.fair(amount, uses.stream().mapToDouble(Use::asked).toArray());
			meter.setShare(shares[cluster.self()]);
		});
	}

}
