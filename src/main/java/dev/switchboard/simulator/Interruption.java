package dev.switchboard.simulator;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.switchboard.simulator.agents.StopSignal;

/**
 * While this object is open, SIGINT and SIGTERM stop the work. The process then ends when
 * this object is closed, or after a limited time. So the process can close its
 * connections before it ends.
 */
public final class Interruption implements AutoCloseable {

	private static final long PATIENCE_SECONDS = 20;

	private final CountDownLatch finished = new CountDownLatch(1);

	private final Thread hook;

	public Interruption(StopSignal stop) {
		this.hook = new Thread(() -> stopAndWait(stop), "simulator-interruption");
		Runtime.getRuntime().addShutdownHook(this.hook);
	}

	private void stopAndWait(StopSignal stop) {
		stop.stop();
		try {
			var _ = this.finished.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public void close() {
		this.finished.countDown();
		try {
			Runtime.getRuntime().removeShutdownHook(this.hook);
		}
		catch (IllegalStateException ex) {
			// The process ends already, and this hook runs.
		}
	}

}
