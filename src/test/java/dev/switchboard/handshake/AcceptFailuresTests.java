package dev.switchboard.handshake;

import java.io.IOException;
import java.time.Duration;

import dev.switchboard.time.ManualTime;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Tests for {@link AcceptFailures}. */
@ExtendWith(OutputCaptureExtension.class)
class AcceptFailuresTests {

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	private final ManualTime time = new ManualTime();

	private final EmbeddedChannel channel = new EmbeddedChannel(new AcceptFailures(this.meters, this.time));

	@Test
	void shouldCountEveryFailureAndPassItOn() {
		fail();
		fail();
		assertThat(this.meters.counter("switchboard.accept.failures").count()).isEqualTo(2);
	}

	@Test
	void shouldSayAtOnceWhyAndThenOnlyNowAndThen(CapturedOutput output) {
		fail();
		assertThat(output).containsOnlyOnce("no descriptor").contains("such line: 1)");
		this.time.advance(Duration.ofSeconds(9));
		fail();
		fail();
		assertThat(output).containsOnlyOnce("no descriptor");
		this.time.advance(Duration.ofSeconds(1));
		fail();
		assertThat(output).contains("such line: 3)");
	}

	private void fail() {
		this.channel.pipeline().fireExceptionCaught(new IOException("no descriptor"));
		assertThatExceptionOfType(IOException.class).isThrownBy(this.channel::checkException);
	}

}
