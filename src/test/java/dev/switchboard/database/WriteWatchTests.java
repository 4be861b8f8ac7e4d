package dev.switchboard.database;

import java.time.Duration;

import dev.switchboard.time.ManualTime;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Sinks;

import static org.assertj.core.api.Assertions.assertThat;

class WriteWatchTests {

	private final ManualTime time = new ManualTime();

	private final WriteWatch watch = new WriteWatch(this.time);

	private Sinks.One<Boolean> write(String kind) {
		Sinks.One<Boolean> answer = Sinks.one();
		this.watch.watch(kind, answer.asMono()).subscribe(null, (_) -> {
		});
		return answer;
	}

	private void fail(String kind) {
		write(kind).tryEmitError(new DatabaseUnavailableException("read-only", null));
	}

	@Test
	void shouldTakeWritesUntilOneFails() {
		assertThat(this.watch.isStuck()).isFalse();
		fail("write");
		assertThat(this.watch.isStuck()).isTrue();
	}

	@Test
	void shouldTakeWritesAgainOnceOneOfTheKindSucceeds() {
		fail("write");
		write("heartbeat").tryEmitValue(true);
		assertThat(this.watch.isStuck()).isTrue();
		write("write").tryEmitEmpty();
		assertThat(this.watch.isStuck()).isFalse();
	}

	@Test
	void shouldForgetAFailureThatIsNotTriedAgain() {
		fail("write");
		this.time.advance(Duration.ofSeconds(20));
		assertThat(this.watch.isStuck()).isFalse();
	}

	@Test
	void shouldNotTakeAWriteThatIsSilent() {
		Sinks.One<Boolean> answer = write("write");
		assertThat(this.watch.isStuck()).isFalse();
		this.time.advance(Duration.ofMillis(1001));
		assertThat(this.watch.isStuck()).isTrue();
		answer.tryEmitValue(true);
		assertThat(this.watch.isStuck()).isFalse();
	}

}
