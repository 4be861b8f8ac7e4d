package dev.switchboard.cluster.simulation;

import java.util.LinkedHashMap;
import java.util.Map;

/** Remembers which faults there are and when the last one ended. */
final class Conditions {

	/**
	 * How long a fault is felt after its end: other nodes notice, agents connect again.
	 */
	private static final long FELT = 10_000_000_000L;

	private final World world;

	private final Map<Fault, Long> present = new LinkedHashMap<>();

	private long lastEnd = Long.MIN_VALUE / 2;

	private long databaseAway = Long.MIN_VALUE / 2;

	private long emptied = Long.MIN_VALUE / 2;

	Conditions(World world) {
		this.world = world;
	}

	void began(Fault fault) {
		this.present.put(fault, this.world.nanoTime());
		if (fault.kind() == FaultKind.EMPTY) {
			this.emptied = this.world.nanoTime();
		}
	}

	void ended(Fault fault) {
		Long since = this.present.remove(fault);
		if (since != null && hitsDatabase(fault)) {
			this.databaseAway = this.world.nanoTime();
		}
		if (fault.kind().target() != FaultKind.Target.AGENT) {
			this.lastEnd = this.world.nanoTime();
		}
	}

	private static boolean hitsDatabase(Fault fault) {
		return switch (fault.kind()) {
			case REFUSE, FREEZE, LOCK, READONLY -> true;
			default -> false;
		};
	}

	/** Whether nothing was broken at this time or since then. */
	boolean isCalmSince(long time) {
		return this.present.keySet().stream().allMatch((fault) -> fault.kind().target() == FaultKind.Target.AGENT)
				&& this.lastEnd + FELT < time;
	}

	/** Whether the database was there at this time and since then. */
	boolean hadDatabaseSince(long time) {
		return this.present.keySet().stream().noneMatch(Conditions::hitsDatabase) && this.databaseAway < time
				&& this.emptied < time;
	}

}
