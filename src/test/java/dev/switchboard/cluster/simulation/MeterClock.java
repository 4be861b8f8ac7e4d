package dev.switchboard.cluster.simulation;

import io.micrometer.core.instrument.Clock;

/** The clock of a simulated node's meters. */
record MeterClock(World world) implements Clock {

	@Override
	public long wallTime() {
		return this.world.now().toEpochMilli();
	}

	@Override
	public long monotonicTime() {
		return this.world.nanoTime();
	}

}
