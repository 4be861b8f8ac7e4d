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

	private final Deque<Event> held = new ArrayDeque<>();

	private boolean alive = true;

	private boolean paused;

	private long lastHeldUp = Long.MIN_VALUE;

	/**
	 * @param name the name of the node, such as {@code n1}
	 */
	NodeRun(String name) {
		this.name = name;
	}

	String name() {
		return this.name;
	}

	boolean isAlive() {
		return this.alive;
	}

	boolean isPaused() {
		return this.paused;
	}

	/** Ends the run, and drops its tasks. */
	void end() {
		this.alive = false;
		this.paused = false;
		this.held.clear();
	}

	void pause() {
		this.paused = true;
	}

	/** Keeps a task until the run goes on. */
	void hold(Event event) {
		this.held.add(event);
	}

	/** Lets a paused run go on. Its tasks run now, in their order. */
	void resume(World world) {
		this.paused = false;
		this.lastHeldUp = world.nanoTime();
		this.held.forEach((event) -> world.at(world.nanoTime(), this, event.task()));
		this.held.clear();
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
