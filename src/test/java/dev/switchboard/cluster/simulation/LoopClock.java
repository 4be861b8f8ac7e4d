package dev.switchboard.cluster.simulation;

import java.util.concurrent.TimeUnit;

import io.netty.util.concurrent.Ticker;

/** The clock of the simulated event loops. */
record LoopClock(World world) implements Ticker {

	@Override
	public long initialNanoTime() {
		return 0;
	}

	@Override
	public long nanoTime() {
		return this.world.nanoTime();
	}

	@Override
	public void sleep(long delay, TimeUnit unit) {
		throw new UnsupportedOperationException("nothing sleeps in virtual time");
	}

}
