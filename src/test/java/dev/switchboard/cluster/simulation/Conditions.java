package dev.switchboard.cluster.simulation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Remembers which faults there are and when the last one ended. */
final class Conditions {

	/**
	 * How long a fault is felt after its end: other nodes notice, agents connect again.
	 */
	private static final long FELT = 10_000_000_000L;

	private final World world;

	private final Map<Fault, Long> present = new LinkedHashMap<>();

	private final List<Outage> outages = new ArrayList<>();

	private long lastEnd = Long.MIN_VALUE / 2;

	private long lastBreakdown = Long.MIN_VALUE / 2;

	private long lastStop = Long.MIN_VALUE / 2;

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
			this.outages.add(new Outage(since, this.world.nanoTime()));
		}
		if (fault.kind().target() != FaultKind.Target.AGENT) {
			this.lastEnd = this.world.nanoTime();
		}
		if (isBreakdown(fault)) {
			this.lastBreakdown = this.world.nanoTime();
		}
		if (fault.kind() == FaultKind.STOP) {
			this.lastStop = this.world.nanoTime();
		}
	}

	/** Whether a fault is more than an agent's, or than a node that stops. */
	private static boolean isBreakdown(Fault fault) {
		return fault.kind().target() != FaultKind.Target.AGENT && fault.kind() != FaultKind.STOP;
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

	/**
	 * Whether nodes were stopped at this time or since then, and nothing else was broken.
	 */
	boolean wereOnlyStopsSince(long time) {
		boolean stops = this.lastStop + FELT >= time
				|| this.present.keySet().stream().anyMatch((fault) -> fault.kind() == FaultKind.STOP);
		return stops && this.lastBreakdown + FELT < time
				&& this.present.keySet().stream().noneMatch(Conditions::isBreakdown);
	}

	/** Whether what happened at one time may still be felt at another. */
	static boolean isFelt(long happened, long time) {
		return happened + FELT >= time;
	}

	/**
	 * Returns for how long the database was away since a time, in nanoseconds. Outages
	 * that overlap count together, and one that goes on counts until now.
	 */
	long databaseAwaySince(long time) {
		long now = this.world.nanoTime();
		long away = this.outages.stream().mapToLong((outage) -> outage.since(time)).sum();
		return away + this.present.entrySet()
			.stream()
			.filter((fault) -> hitsDatabase(fault.getKey()))
			.mapToLong((fault) -> now - Math.max(time, fault.getValue()))
			.sum();
	}

	/** Whether the database lost its tables at this time or since then. */
	boolean wasEmptiedSince(long time) {
		return this.emptied >= time;
	}

	/** A time in which the database was away. */
	private record Outage(long from, long to) {

		long since(long time) {
			return Math.max(0, this.to - Math.max(time, this.from));
		}

	}

}
