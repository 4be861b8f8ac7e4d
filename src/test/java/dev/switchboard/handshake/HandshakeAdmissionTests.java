package dev.switchboard.handshake;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.time.ManualTime;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

class HandshakeAdmissionTests {

	private final AtomicBoolean full = new AtomicBoolean();

	private final ShortObstacle draining = new ShortObstacle(new AtomicBoolean());

	private final ManualTime time = new ManualTime();

	private final HandshakeAdmission admission = new HandshakeAdmission(20, 10, List.of(this.draining, this.full::get),
			this.time);

	@Test
	void shouldAdmitWhatTheNodesRateAllows() {
		assertThat(admitted(this.admission::admit, 50)).isEqualTo(20);
		this.time.advance(Duration.ofMillis(500));
		assertThat(admitted(this.admission::admit, 50)).isEqualTo(10);
	}

	@Test
	void shouldAdmitWhatEachTenantsRateAllows() {
		assertThat(admitted(() -> this.admission.admit("acme"), 50)).isEqualTo(10);
		assertThat(admitted(() -> this.admission.admit("other"), 50)).isEqualTo(10);
	}

	@Test
	void shouldTellAHerdToComeBackOverALongerTime() {
		admitted(() -> this.admission.admit("acme"), 10 + 2000);
		assertThat(refusal(() -> this.admission.admit("acme")).retryWithin()).isGreaterThan(Duration.ofMinutes(4));
		assertThat(refusal(() -> this.admission.admit("acme")).problem()).isEqualTo(Problem.UNAVAILABLE);
	}

	@Test
	void shouldAdmitNoneWhileFull() {
		this.full.set(true);
		assertThat(admitted(this.admission::admit, 10)).isZero();
		this.full.set(false);
		assertThatNoException().isThrownBy(this.admission::admit);
	}

	@Test
	void shouldTellAgentsToReturnWithinTheTimeOfTheObstacle() {
		this.draining.there().set(true);
		this.full.set(true);
		assertThat(refusal(this.admission::admit).retryWithin()).isEqualTo(ShortObstacle.TIME);
		this.draining.there().set(false);
		assertThat(refusal(this.admission::admit).retryWithin()).isEqualTo(HandshakeAdmission.RETRY_WITHIN);
	}

	@Test
	void shouldAdmitNoneWhileDraining() {
		this.admission.drain();
		assertThat(admitted(this.admission::admit, 10)).isZero();
	}

	@Test
	void shouldForgetTenantsThatHaveNotComeForLong() {
		assertThat(admitted(() -> this.admission.admit("first"), 50)).isEqualTo(10);
		IntStream.range(0, 10_000).forEach((i) -> this.admission.admit("tenant-" + i));
		assertThat(admitted(() -> this.admission.admit("first"), 50)).isEqualTo(10);
	}

	private record ShortObstacle(AtomicBoolean there) implements HandshakeObstacle {

		static final Duration TIME = Duration.ofSeconds(3);

		@Override
		public boolean isThere() {
			return this.there.get();
		}

		@Override
		public Duration retryWithin() {
			return TIME;
		}

	}

	private static ProblemException refusal(Runnable admit) {
		try {
			admit.run();
		}
		catch (ProblemException ex) {
			return ex;
		}
		throw new AssertionError("admitted");
	}

	private static long admitted(Runnable admit, int tries) {
		return IntStream.range(0, tries).filter((_) -> isAdmitted(admit)).count();
	}

	private static boolean isAdmitted(Runnable admit) {
		try {
			admit.run();
			return true;
		}
		catch (ProblemException ex) {
			return false;
		}
	}

}
