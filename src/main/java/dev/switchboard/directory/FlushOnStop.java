package dev.switchboard.directory;

import java.time.Duration;

import dev.switchboard.database.Database;
import dev.switchboard.node.Membership;

import org.springframework.context.SmartLifecycle;

/** Makes a stopping node wait until its queued claims and releases are stored. */
final class FlushOnStop implements SmartLifecycle {

	private static final Duration LIMIT = Duration.ofSeconds(3);

	private final AgentDirectory directory;

	private volatile boolean running;

	FlushOnStop(AgentDirectory directory) {
		this.directory = directory;
	}

	@Override
	public void start() {
		this.running = true;
	}

	/** Waits until the queued claims and releases are stored, a few seconds at most. */
	@Override
	public void stop(Runnable callback) {
		this.running = false;
		Database.within(LIMIT, this.directory.settled()).onErrorComplete().doFinally((_) -> callback.run()).subscribe();
	}

	@Override
	public void stop() {
		this.running = false;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	/**
	 * Makes this bean stop after the rooms that have connections, and before
	 * {@link Membership} removes this node.
	 */
	@Override
	public int getPhase() {
		return Membership.PHASE + 1;
	}

}
