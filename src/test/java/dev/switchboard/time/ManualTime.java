package dev.switchboard.time;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** Clocks that a test moves by hand, together. */
public final class ManualTime implements TimeSource {

	private final AtomicLong nanos = new AtomicLong();

	public void advance(Duration by) {
		this.nanos.addAndGet(by.toNanos());
	}

	@Override
	public long nanoTime() {
		return this.nanos.get();
	}

	@Override
	public Instant now() {
		return Instant.EPOCH.plusNanos(this.nanos.get());
	}

}
