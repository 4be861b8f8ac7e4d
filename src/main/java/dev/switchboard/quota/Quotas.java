package dev.switchboard.quota;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.ToLongFunction;

/** How much a tenant may use of each thing. Immutable. */
public final class Quotas {

	private final Map<Quota, Long> amounts;

	private Quotas(Map<Quota, Long> amounts) {
		this.amounts = amounts;
	}

	/** Makes quotas of which each is what the function says. */
	public static Quotas of(ToLongFunction<Quota> amounts) {
		Map<Quota, Long> all = new EnumMap<>(Quota.class);
		for (Quota quota : Quota.values()) {
			all.put(quota, amounts.applyAsLong(quota));
		}
		return new Quotas(all);
	}

	/** Returns how much the tenant may use of one thing. */
	public long of(Quota quota) {
		return this.amounts.getOrDefault(quota, 0L);
	}

	/** Returns the same quotas, except for those that the map has. */
	public Quotas with(Map<Quota, Long> others) {
		return others.isEmpty() ? this : of((quota) -> others.getOrDefault(quota, of(quota)));
	}

}
