package dev.switchboard.handshake;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.switchboard.time.Attendance;
import dev.switchboard.time.ManualTime;
import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class HandshakeTimeoutTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	private final ManualTime time = new ManualTime();

	private final EmbeddedChannel channel = new EmbeddedChannel();

	private final List<Channel> over = new ArrayList<>();

	private final HandshakeTimeout timeout = new HandshakeTimeout(TIMEOUT, this.over::add, this.time);

	@BeforeEach
	void begin() {
		this.channel.freezeTime();
		this.channel.pipeline().addFirst(this.timeout);
	}

	private void pass(Duration time) {
		this.time.advance(time);
		this.channel.advanceTimeBy(time.toNanos(), TimeUnit.NANOSECONDS);
		this.channel.runScheduledPendingTasks();
	}

	@Test
	void shouldCloseAChannelWhoseHandshakeTakesTooLong() {
		pass(TIMEOUT.minusMillis(1));
		assertThat(this.channel.isOpen()).isTrue();
		assertThat(this.over).isEmpty();
		pass(Duration.ofMillis(1));
		assertThat(this.channel.isOpen()).isFalse();
		assertThat(this.over).containsExactly(this.channel);
	}

	@Test
	void shouldFirstReadTheHandshakeThatCameWhileTheProcessWasStopped() {
		pass(TIMEOUT.plusSeconds(6));
		assertThat(this.channel.isOpen()).isTrue();
		this.channel.pipeline().remove(this.timeout);
		pass(TIMEOUT);
		assertThat(this.channel.isOpen()).isTrue();
	}

	@Test
	void shouldCloseAChannelWhoseHandshakeDidNotComeMeanwhile() {
		pass(TIMEOUT.plusSeconds(6));
		pass(Attendance.READING);
		assertThat(this.channel.isOpen()).isFalse();
	}

}
