package dev.switchboard.cluster.simulation;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * One run of a node's process, from its start to its end. Event loops, timers, statements
 * and sockets belong to a run. When the run ends, nothing of it runs any more, even if
 * the node starts again. While the run is paused, its tasks wait.
 */
final class NodeRun {

	private final String name;

	private final long startedAt;

	private final Deque<Event> held = new ArrayDeque<>();

	private boolean alive = true;

	private long endedAt;

	private boolean paused;

	private long pausedAt;

	private long lastHeldUp = Long.MIN_VALUE;

	private long lastPause;

	/**
	 * @param name the name of the node, such as {@code n1}
	 * @param startedAt when the process was started
	 */
	NodeRun(String name, long startedAt) {
		this.name = name;
		this.startedAt = startedAt;
	}

	String name() {
		return this.name;
	}

	boolean isAlive() {
		return this.alive;
	}

	/** Returns when the process was started. */
	long startedAt() {
		return this.startedAt;
	}

	/** Returns when the run ended, if it has. */
	long endedAt() {
		return this.endedAt;
	}

	boolean isPaused() {
		return this.paused;
	}

	/** Ends the run, and drops its tasks. */
	void end(World world) {
		this.alive = false;
		this.endedAt = world.nanoTime();
		this.paused = false;
		this.held.clear();
	}

	void pause(World world) {
		this.paused = true;
		this.pausedAt = world.nanoTime();
	}

	/** Keeps a task until the run goes on. */
	void hold(Event event) {
		this.held.add(event);
	}

	/** Lets a paused run go on. Its tasks run now, in their order. */
	void resume(World world) {
		this.paused = false;
		this.lastHeldUp = world.nanoTime();
		this.lastPause = world.nanoTime() - this.pausedAt;
		this.held.forEach((event) -> world.at(world.nanoTime(), this, event.task()));
		this.held.clear();
	}

	/** Whether the run has been paused since this time or longer. */
	boolean isPausedSince(long time) {
		return this.paused && this.pausedAt <= time;
	}

	/** Whether the run goes on at this time after a pause. */
	boolean wakesUpAt(long time) {
		return this.lastHeldUp == time;
	}

	/** Returns how long the last pause took that has ended, in nanoseconds. */
	long lastPause() {
		return this.lastPause;
	}

	/** Whether the run stood still at this time or later. */
	boolean stoodStillSince(long time) {
		return this.paused || this.lastHeldUp >= time;
	}

	@Override
	public String toString() {
		return this.name;
	}

}
