package dev.switchboard.quota;

import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

class ByteBudgetTests {

	private static final String NOISY = "noisy";

	private static final String QUIET = "quiet";

	private final ByteBudget budget = new ByteBudget(1000, 500);

	private final AtomicInteger excesses = new AtomicInteger();

	@Test
	void shouldAdmitCallsUpToTheFirstMarkOfTheTenant() {
		this.budget.add(BudgetKind.OUTBOUND, NOISY, 400);
		assertThatNoException().isThrownBy(() -> this.budget.admit(NOISY));
		this.budget.add(BudgetKind.INBOUND, NOISY, 1);
		assertRefused(NOISY, Problem.TOO_MANY_REQUESTS, "The tenant's share of the node's memory budget is used up");
		assertThatNoException().isThrownBy(() -> this.budget.admit(QUIET));
	}

	@Test
	void shouldAdmitCallsUpToTheFirstMarkOfTheNode() {
		this.budget.add(BudgetKind.HANDSHAKES, null, 800);
		assertThatNoException().isThrownBy(() -> this.budget.admit(QUIET));
		this.budget.add(BudgetKind.HANDSHAKES, null, 1);
		assertRefused(QUIET, Problem.UNAVAILABLE, "The node's memory budget is used up");
	}

	private void assertRefused(String tenant, Problem problem, String detail) {
		assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> this.budget.admit(tenant))
			.satisfies((refused) -> {
				assertThat(refused.problem()).isEqualTo(problem);
				assertThat(refused.detail()).isEqualTo(detail);
				assertThat(refused.retryWithin()).isEqualTo(ByteBudget.RETRY_WITHIN);
			});
	}

	@Test
	void shouldHoldCallsUpToTheSecondMark() {
		BudgetHold hold = new BudgetHold(this.budget, BudgetKind.CALLS, NOISY);
		assertThat(hold.tryGrow(450)).isTrue();
		assertThat(hold.tryGrow(1)).isFalse();
		assertThat(this.budget.heldBy(NOISY)).isEqualTo(450);
		assertThat(new BudgetHold(this.budget, BudgetKind.CALLS, QUIET).tryGrow(450)).isTrue();
		assertThat(new BudgetHold(this.budget, BudgetKind.CALLS, "third").tryGrow(1)).isFalse();
	}

	@Test
	void shouldGiveBytesBackOnce() {
		BudgetHold hold = new BudgetHold(this.budget, BudgetKind.CALLS, NOISY).grow(300).grow(100);
		hold.release();
		hold.release();
		assertThat(this.budget.held()).isZero();
		assertThat(this.budget.held(BudgetKind.CALLS)).isZero();
		assertThat(this.budget.heldBy(NOISY)).isZero();
	}

	@Test
	void shouldHoldBytesUntilTheWorkEndsHoweverItEnds() {
		Mono<Object> work = BudgetHold.during(() -> new BudgetHold(this.budget, BudgetKind.CALLS, NOISY).grow(100),
				Mono.never());
		assertThat(this.budget.held()).isZero();
		var waiter = work.subscribe();
		assertThat(this.budget.held()).isEqualTo(100);
		waiter.dispose();
		assertThat(this.budget.held()).isZero();
	}

	/** As eclipse-mosquitto/mosquitto #100 asks for: a limit on all queues together. */
	@Test
	void shouldAskForBytesOfATenantAboveItsLimitAndOfNoOther() {
		this.budget.onExcess(this.excesses::incrementAndGet);
		this.budget.add(BudgetKind.OUTBOUND, QUIET, 100);
		this.budget.add(BudgetKind.OUTBOUND, NOISY, 500);
		assertThat(this.excesses).hasValue(0);
		this.budget.add(BudgetKind.OUTBOUND, NOISY, 50);
		assertThat(this.excesses).hasValue(1);
		assertThat(this.budget.excess()).isEqualTo(new ByteBudget.Excess(0, Map.of(NOISY, 100L)));
	}

	@Test
	void shouldAskForBytesOfAnyoneAboveTheLimitOfTheNode() {
		this.budget.onExcess(this.excesses::incrementAndGet);
		this.budget.add(BudgetKind.INBOUND, "a", 400);
		this.budget.add(BudgetKind.INBOUND, "b", 400);
		this.budget.add(BudgetKind.INBOUND, "c", 201);
		assertThat(this.excesses).hasValue(1);
		assertThat(this.budget.excess()).isEqualTo(new ByteBudget.Excess(101, Map.of()));
		this.budget.add(BudgetKind.INBOUND, "a", -400);
		assertThat(this.budget.excess()).isEqualTo(new ByteBudget.Excess(0, Map.of()));
	}

	@Test
	void shouldMeasureWhatIsHeldAndRefused() {
		MeterRegistry meters = new SimpleMeterRegistry();
		BudgetMetrics.register(this.budget, meters);
		this.budget.add(BudgetKind.OUTCOMES, NOISY, 450);
		assertRefused(NOISY, Problem.TOO_MANY_REQUESTS, "The tenant's share of the node's memory budget is used up");
		assertThat(meters.get("switchboard.budget").tag("kind", "outcomes").gauge().value()).isEqualTo(450);
		assertThat(meters.get("switchboard.budget.limit").gauge().value()).isEqualTo(1000);
		assertThat(meters.get("switchboard.budget.refused").tag("limit", "tenant").functionCounter().count()).isOne();
		assertThat(meters.get("switchboard.budget.refused").tag("limit", "node").functionCounter().count()).isZero();
	}

}
