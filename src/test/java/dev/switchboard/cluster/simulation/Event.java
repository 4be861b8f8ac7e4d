package dev.switchboard.cluster.simulation;

import org.jspecify.annotations.Nullable;

/**
 * A task that runs at a time. Tasks of the same time run in the order in which they were
 * added.
 *
 * @param at the time, in nanoseconds
 * @param sequence the number of the task
 * @param owner the run of a node to which the task belongs; null for the world outside of
 * nodes
 * @param task the task
 */
record Event(long at, long sequence, @Nullable NodeRun owner, Runnable task) implements Comparable<Event> {

	@Override
	public int compareTo(Event other) {
		int byTime = Long.compare(this.at, other.at);
		return (byTime != 0) ? byTime : Long.compare(this.sequence, other.sequence);
	}

}
