package dev.switchboard.loop;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.switchboard.time.Attendance;
import dev.switchboard.time.ManualTime;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LoopTimeoutTests {

	private static final Duration WAIT = Duration.ofSeconds(3);

	private final ManualTime time = new ManualTime();

	private final EmbeddedChannel channel = new EmbeddedChannel();

	private final AtomicInteger over = new AtomicInteger();

	@BeforeEach
	void freeze() {
		this.channel.freezeTime();
	}

	private LoopTimeout begin() {
		return new LoopTimeout(this.channel.eventLoop(), WAIT, this.over::incrementAndGet, this.time);
	}

	private void pass(Duration time) {
		this.time.advance(time);
		this.channel.advanceTimeBy(time.toNanos(), TimeUnit.NANOSECONDS);
		this.channel.runScheduledPendingTasks();
	}

	@Test
	void shouldEndTheWaitWhenTheTimeIsOver() {
		begin();
		pass(WAIT.minusMillis(1));
		assertThat(this.over).hasValue(0);
		pass(Duration.ofMillis(1));
		assertThat(this.over).hasValue(1);
	}

	@Test
	void shouldReadFirstIfItWasAway() {
		begin();
		pass(WAIT.plusSeconds(6));
		assertThat(this.over).hasValue(0);
		pass(Attendance.READING);
		assertThat(this.over).hasValue(1);
	}

	@Test
	void shouldNotEndAWaitThatEndedByWhatItReadAfterItsReturn() {
		LoopTimeout timeout = begin();
		pass(WAIT.plusSeconds(6));
		timeout.cancel();
		pass(WAIT);
		assertThat(this.over).hasValue(0);
	}

}
