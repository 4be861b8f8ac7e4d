package dev.switchboard.connection;

import org.jspecify.annotations.Nullable;

/**
 * What an examination of a connection has found. Immutable.
 *
 * @param queuedBytes the bytes that waited for the agent to read
 * @param callsInFlight the calls that waited for the agent
 * @param oldestCallNanos how long the oldest of these calls had waited; 0 if there was
 * none
 * @param roundTripNanos how long the agent took to answer a ping; null if it did not
 * answer in time, or if the ping could not be sent
 */
public record Examination(int queuedBytes, int callsInFlight, long oldestCallNanos, @Nullable Long roundTripNanos) {

	/**
	 * @param pending the calls that wait; null if there are none
	 */
	static Examination of(int queuedBytes, @Nullable PendingCalls pending) {
		int calls = 0;
		long oldest = 0;
		if (pending != null) {
			long now = pending.nanoTime();
			for (PendingCall call : pending.waiting()) {
				calls++;
				oldest = Math.max(oldest, now - call.acceptedNanos());
			}
		}
		return new Examination(queuedBytes, calls, oldest, null);
	}

	/**
	 * Returns the same findings with the time that the agent took to answer the ping, or
	 * with null if the agent did not answer.
	 */
	Examination answeredAfter(@Nullable Long nanos) {
		return new Examination(this.queuedBytes, this.callsInFlight, this.oldestCallNanos, nanos);
	}

}
