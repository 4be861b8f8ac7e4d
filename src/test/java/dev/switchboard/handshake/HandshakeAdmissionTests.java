package dev.switchboard.handshake;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.time.ManualTime;
import org.junit.jupiter.api.Test;

import static dev.switchboard.handshake.Sources.address;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

class HandshakeAdmissionTests {

	private static final InetSocketAddress ANYWHERE = address("192.0.2.1");

	private final AtomicBoolean full = new AtomicBoolean();

	private final ShortObstacle draining = new ShortObstacle(new AtomicBoolean());

	private final AtomicInteger tenants = new AtomicInteger();

	private final ManualTime time = new ManualTime();

	private final HandshakeAdmission admission = new HandshakeAdmission(20, 15, Sources.admission(List.of(), this.time),
			List.of(this.draining, this.full::get), this.time);

	@Test
	void shouldAdmitWhatTheNodesRateAllows() {
		assertThat(admitted(this::admitAgents, 50)).isEqualTo(20);
		this.time.advance(Duration.ofMillis(500));
		assertThat(admitted(this::admitAgents, 50)).isEqualTo(10);
	}

	@Test
	void shouldAdmitWhatEachTenantsRateAllows() {
		assertThat(admitted(() -> this.admission.admit("acme"), 50)).isEqualTo(15);
		assertThat(admitted(() -> this.admission.admit("other"), 50)).isEqualTo(5);
	}

	/** A review saw 7 of 35 agents get in beside strangers, who had taken all tokens. */
	@Test
	void shouldTakeNoTokenForHandshakesThatFail() {
		for (int i = 0; i < 1000; i++) {
			this.admission.admit(address("192.0." + i % 256 + ".1"));
			this.admission.failed(address("192.0." + i % 256 + ".1"));
		}
		assertThat(admitted(() -> this.admission.admit("acme"), 50)).isEqualTo(15);
	}

	@Test
	void shouldRefuseASourceThatHasFailedTooOften() {
		assertThat(admitted(() -> {
			this.admission.admit(address("192.0.2.1"));
			this.admission.failed(address("192.0.2.1"));
		}, 50)).isEqualTo(Sources.BURST);
		ProblemException refusal = refusal(() -> this.admission.admit(address("192.0.2.2")));
		assertThat(refusal.problem()).isEqualTo(Problem.UNAVAILABLE);
		assertThat(refusal.detail()).isEqualTo(SourceGate.DETAIL);
		assertThatNoException().isThrownBy(() -> this.admission.admit(address("192.0.3.1")));
	}

	@Test
	void shouldAdmitAnyNumberOfAgentsBehindOneAddress() {
		assertThat(admitted(() -> this.admission.admit(address("192.0.2.1")), 15_000)).isEqualTo(15_000);
	}

	private void admitAgents() {
		this.admission.admit("tenant-" + this.tenants.getAndIncrement());
	}

	@Test
	void shouldTellAHerdToComeBackOverALongerTime() {
		admitted(() -> this.admission.admit("acme"), 15 + 3000);
		assertThat(refusal(() -> this.admission.admit("acme")).retryWithin()).isGreaterThan(Duration.ofMinutes(4));
		assertThat(refusal(() -> this.admission.admit("acme")).problem()).isEqualTo(Problem.UNAVAILABLE);
	}

	@Test
	void shouldAdmitNoneWhileFull() {
		this.full.set(true);
		assertThat(admitted(() -> this.admission.admit(ANYWHERE), 10)).isZero();
		this.full.set(false);
		assertThatNoException().isThrownBy(() -> this.admission.admit(ANYWHERE));
	}

	@Test
	void shouldTellAgentsToReturnWithinTheTimeOfTheObstacle() {
		this.draining.there().set(true);
		this.full.set(true);
		assertThat(refusal(() -> this.admission.admit(ANYWHERE)).retryWithin()).isEqualTo(ShortObstacle.TIME);
		this.draining.there().set(false);
		assertThat(refusal(() -> this.admission.admit(ANYWHERE)).retryWithin())
			.isEqualTo(HandshakeAdmission.RETRY_WITHIN);
	}

	@Test
	void shouldAdmitNoneWhileDraining() {
		this.admission.drain();
		assertThat(admitted(() -> this.admission.admit(ANYWHERE), 10)).isZero();
	}

	@Test
	void shouldForgetTenantsThatHaveNotComeForLong() {
		HandshakeAdmission admission = new HandshakeAdmission(100_000, 10, Sources.admission(List.of(), this.time),
				List.of(), this.time);
		assertThat(admitted(() -> admission.admit("first"), 50)).isEqualTo(10);
		IntStream.range(0, 10_000).forEach((i) -> admission.admit("tenant-" + i));
		assertThat(admitted(() -> admission.admit("first"), 50)).isEqualTo(10);
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
