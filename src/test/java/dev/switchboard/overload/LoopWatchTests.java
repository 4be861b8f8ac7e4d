package dev.switchboard.overload;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import dev.switchboard.time.ManualTime;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LoopWatchTests {

	private final EmbeddedChannel channel = new EmbeddedChannel();

	private final ManualTime time = new ManualTime();

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	private final LoopWatch watch = new LoopWatch(this.channel.eventLoop(), new CallLimit(Duration.ofMillis(100), 0),
			() -> false, new LoadMetrics(this.meters), this.time);

	@BeforeEach
	void start() {
		this.channel.freezeTime();
		this.watch.start();
		this.channel.runPendingTasks();
	}

	@AfterEach
	void close() {
		this.channel.finishAndReleaseAll();
	}

	/** Runs the event loop, whose turns take this long. */
	private void turns(int count, Duration length) {
		for (int i = 0; i < count; i++) {
			this.time.advance(length);
			this.channel.advanceTimeBy(length.toNanos(), TimeUnit.NANOSECONDS);
			this.channel.runScheduledPendingTasks();
		}
	}

	@Test
	void shouldMeasureThatAnEventLoopIsInTime() {
		turns(20, LoopWatch.PERIOD);
		assertThat(this.watch.delayNanos()).isZero();
		assertThat(this.watch.rate()).isInfinite();
		assertThat(this.meters.get("switchboard.loop.delay").timer().count()).isEqualTo(20);
	}

	@Test
	void shouldMeasureForHowLongEverythingWaits() {
		turns(10, Duration.ofMillis(130));
		assertThat(this.watch.delayNanos()).isEqualTo(Duration.ofMillis(80).toNanos());
		assertThat(this.meters.get("switchboard.loop.delay").timer().max(TimeUnit.MILLISECONDS)).isEqualTo(80);
	}

	@Test
	void shouldRefuseCallsOfALateEventLoopAndCountThem() {
		for (int i = 0; i < 2; i++) {
			assertThat(this.watch.admits()).isTrue();
			turns(1, Duration.ofMillis(500));
		}
		while (this.watch.admits()) {
			assertThat(this.watch.rate()).isFinite();
		}
		turns(1, LoopWatch.PERIOD);
		assertThat(this.meters.get("switchboard.overload.refused").counter().count()).isEqualTo(1);
		assertThat(this.meters.get("switchboard.problems").tag("problem", "unavailable").counter().count())
			.isEqualTo(1);
	}

	@Test
	void shouldMeasureNothingMoreAfterItsEnd() {
		this.watch.stop();
		turns(20, LoopWatch.PERIOD);
		assertThat(this.meters.get("switchboard.loop.delay").timer().count()).isLessThanOrEqualTo(1);
	}

}
