package dev.switchboard.forwarding;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.SequencedSet;
import java.util.concurrent.atomic.LongAdder;

import org.jspecify.annotations.Nullable;

/**
 * The connections to the forwarding port whose peer has not shown the secret yet. A node
 * shows it in its first request. Each such connection may have one stream, for five
 * seconds. If there are too many, the oldest one is closed, since a node needs only
 * moments. Thread-safe.
 */
final class Strangers {

	/** How long a peer may take to show the secret. */
	static final Duration PATIENCE = Duration.ofSeconds(5);

	/** How many streams a peer may have until it has shown the secret. */
	static final int STREAMS = 1;

	private static final int MOST = 1024;

	private final SequencedSet<ServerStreams> present = new LinkedHashSet<>();

	private final LongAdder turnedAway = new LongAdder();

	void add(ServerStreams stranger) {
		ServerStreams oldest = addAndTakeOldest(stranger);
		if (oldest != null) {
			turnAway(oldest);
		}
	}

	private synchronized @Nullable ServerStreams addAndTakeOldest(ServerStreams stranger) {
		this.present.add(stranger);
		return (this.present.size() > MOST) ? this.present.removeFirst() : null;
	}

	/** Called when the peer has shown the secret, or its connection has ended. */
	synchronized void remove(ServerStreams known) {
		this.present.remove(known);
	}

	/** Closes a connection whose peer has not shown the secret. */
	void turnAway(ServerStreams stranger) {
		remove(stranger);
		this.turnedAway.increment();
		stranger.turnAway();
	}

	/** Returns how many connections were closed. */
	long turnedAway() {
		return this.turnedAway.sum();
	}

	synchronized int count() {
		return this.present.size();
	}

}
