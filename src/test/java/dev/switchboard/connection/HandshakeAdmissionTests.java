package dev.switchboard.connection;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class HandshakeAdmissionTests {

	private long now;

	@Test
	void shouldAdmitASecondsWorthAtOnceAndThenTheRate() {
		HandshakeAdmission admission = new HandshakeAdmission(10, () -> this.now);
		assertThat(admitted(admission, 20)).isEqualTo(10);
		this.now += Duration.ofMillis(500).toNanos();
		assertThat(admitted(admission, 20)).isEqualTo(5);
	}

	@Test
	void shouldNotSaveUpMoreThanASecond() {
		HandshakeAdmission admission = new HandshakeAdmission(10, () -> this.now);
		this.now += Duration.ofHours(1).toNanos();
		assertThat(admitted(admission, 50)).isEqualTo(10);
	}

	@Test
	void shouldSpreadTheReturnOfThoseItRefuses() {
		Set<Integer> seconds = new HashSet<>();
		IntStream.range(0, 1000).forEach((_) -> seconds.add(HandshakeAdmission.retryAfterSeconds()));
		assertThat(seconds).hasSizeGreaterThan(10).allMatch((second) -> second >= 1 && second <= 30);
	}

	private static long admitted(HandshakeAdmission admission, int tries) {
		return IntStream.range(0, tries).filter((_) -> admission.tryAdmit()).count();
	}

}
