package dev.switchboard.agent;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class HeartbeatTests {

	private final AtomicLong now = new AtomicLong();

	private final AtomicInteger pings = new AtomicInteger();

	private final AtomicInteger silences = new AtomicInteger();

	private final Heartbeat heartbeat = new Heartbeat(this.now::get, this.pings::incrementAndGet,
			this.silences::incrementAndGet);

	@Test
	void shouldBeContentWhileSomethingComes() {
		quiet(14);
		this.heartbeat.heard();
		quiet(14);
		assertThat(this.pings).hasValue(0);
	}

	@Test
	void shouldPingBeforeItGivesUp() {
		quiet(15);
		assertThat(this.pings).hasValue(1);
		quiet(5);
		assertThat(this.silences).hasValue(1);
	}

	private void quiet(long millis) {
		this.now.addAndGet(millis * 1_000_000);
		this.heartbeat.check(10_000_000);
	}

}
