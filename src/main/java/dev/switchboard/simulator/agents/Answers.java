package dev.switchboard.simulator.agents;

import java.util.concurrent.ThreadLocalRandom;

import dev.switchboard.protocol.Frame;

/**
 * The agents' answers, and their delay. The delay is drawn evenly between two bounds, so
 * that answers overtake each other.
 *
 * @param minDelayMillis the shortest delay
 * @param maxDelayMillis the longest delay
 */
public record Answers(int minDelayMillis, int maxDelayMillis) {

	public Answers {
		if (minDelayMillis < 0 || maxDelayMillis < minDelayMillis) {
			throw new IllegalArgumentException("a delay must look like 20 or 5-20");
		}
	}

	/** Reads {@code 20} (from 0 to 20 ms) or {@code 5-20} (from 5 to 20 ms). */
	static Answers parse(String delay) {
		int dash = delay.indexOf('-');
		int max = Integer.parseInt(delay, dash + 1, delay.length(), 10);
		return new Answers((dash < 0) ? 0 : Integer.parseInt(delay, 0, dash, 10), max);
	}

	/** Returns the answer to a call. The agents know only the method {@code echo}. */
	Frame.FromAgent answer(Frame.Call call) {
		return call.method().equals("echo") ? new Frame.Result(call.id(), call.payload())
				: new Frame.Error(call.id(), "unknown-method", "a simulated agent knows echo", null);
	}

	/** Draws the delay of one answer, in microseconds. */
	public long drawMicros() {
		long min = this.minDelayMillis * 1000L;
		return (this.maxDelayMillis == 0) ? 0
				: ThreadLocalRandom.current().nextLong(min, this.maxDelayMillis * 1000L + 1);
	}

}
