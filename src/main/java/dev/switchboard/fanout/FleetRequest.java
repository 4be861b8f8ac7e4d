package dev.switchboard.fanout;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * A request to call many agents, or to push to them. Immutable.
 *
 * @param targets the agents
 * @param message the message that each of them gets
 * @param window the most calls or pushes in flight at a time
 * @param stopAfterFailures the number of agents without success after which no further
 * one is begun, and those in flight are cancelled; null for no such limit
 * @param timeout the time for the whole
 */
public record FleetRequest(FleetTargets targets, FleetMessage message, int window, @Nullable Long stopAfterFailures,
		Duration timeout) {
}
