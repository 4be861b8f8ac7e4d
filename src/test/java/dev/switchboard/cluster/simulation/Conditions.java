package dev.switchboard.cluster.simulation;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Remembers which faults there are and when the last one ended. */
final class Conditions {

	/**
	 * How long a fault is felt after its end: other nodes notice, agents connect again.
	 */
	static final long FELT = 10_000_000_000L;

	private final World world;

	private final Set<Fault> present = new LinkedHashSet<>();

	/** When the faults ended that have ended. */
	private final Map<Fault, Long> ends = new LinkedHashMap<>();

	private long emptied = Long.MIN_VALUE / 2;

	Conditions(World world) {
		this.world = world;
	}

	void began(Fault fault) {
		this.present.add(fault);
		if (fault.kind() == FaultKind.EMPTY) {
			this.emptied = this.world.nanoTime();
		}
	}

	void ended(Fault fault) {
		this.present.remove(fault);
		this.ends.put(fault, this.world.nanoTime());
	}

	private static boolean hitsDatabase(Fault fault) {
		return switch (fault.kind()) {
			case REFUSE, FREEZE, LOCK, READONLY -> true;
			default -> false;
		};
	}

	/** Whether nothing was broken at this time or since then. */
	boolean isCalmSince(long time) {
		return feltSince(time).findAny().isEmpty();
	}

	/**
	 * Whether nodes were stopped at this time or since then, and nothing else was broken.
	 */
	boolean wereOnlyStopsSince(long time) {
		return !isCalmSince(time) && feltSince(time).allMatch((fault) -> fault.kind() == FaultKind.STOP);
	}

	/** Whether nothing was wrong with the database at this time or since then. */
	boolean isDatabaseCalmSince(long time) {
		return feltSince(time).noneMatch((fault) -> hitsDatabase(fault) || fault.kind() == FaultKind.EMPTY);
	}

	/** Returns the faults that were felt at this time or since then, except agents'. */
	private Stream<Fault> feltSince(long time) {
		return Stream
			.concat(this.present.stream(),
					this.ends.entrySet().stream().filter((end) -> isFelt(end.getValue(), time)).map(Map.Entry::getKey))
			.filter((fault) -> fault.kind().target() != FaultKind.Target.AGENT);
	}

	/** Whether what happened at one time may still be felt at another. */
	static boolean isFelt(long happened, long time) {
		return happened + FELT >= time;
	}

	/**
	 * Whether the database's clock was set back shortly before this time or since then.
	 */
	boolean wasClockSetBackSince(long time) {
		return feltSince(time).anyMatch((fault) -> fault.kind() == FaultKind.BACKWARD);
	}

	/** Whether the database's clock has ever been set. */
	boolean hasClockStepped() {
		return Stream.concat(this.present.stream(), this.ends.keySet().stream())
			.anyMatch((fault) -> fault.kind() == FaultKind.FORWARD || fault.kind() == FaultKind.BACKWARD);
	}

	/** Whether the database lost its tables at this time or since then. */
	boolean wasEmptiedSince(long time) {
		return this.emptied >= time;
	}

}
