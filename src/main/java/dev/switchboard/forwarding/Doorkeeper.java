package dev.switchboard.forwarding;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

import dev.switchboard.time.TimeSource;
import io.netty.handler.codec.http2.Http2Headers;

/**
 * Lets in the requests that have this node's secret, counts the other requests, and knows
 * for how long this node has run. Thread-safe.
 */
final class Doorkeeper {

	private final NodeSecret secret;

	private final TimeSource time;

	private final long startNanos;

	private final LongAdder refused = new LongAdder();

	private final Strangers strangers = new Strangers();

	Doorkeeper(NodeSecret secret, TimeSource time) {
		this.secret = secret;
		this.time = time;
		this.startNanos = time.nanoTime();
	}

	/** Whether a request has the secret. */
	boolean letsIn(Http2Headers headers) {
		boolean known = this.secret.authenticates(headers);
		if (!known) {
			this.refused.increment();
		}
		return known;
	}

	/** Returns how many requests had no secret or a different one. */
	long refused() {
		return this.refused.sum();
	}

	/** Returns the connections whose peer has not shown the secret. */
	Strangers strangers() {
		return this.strangers;
	}

	Duration uptime() {
		return Duration.ofNanos(this.time.nanoTime() - this.startNanos);
	}

	long uptimeMillis() {
		return uptime().toMillis();
	}

}
