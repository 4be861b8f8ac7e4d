package dev.switchboard.cluster.simulation;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ShrinkerTests {

	private static final Fault PAUSE = Fault.parse("5.000s pause n1 for 1.000s");

	private static final Fault LOCK = Fault.parse("7.000s lock calls for 2.000s");

	private static final LifePlan PLAN = LifePlan
		.parse(List.of("life 1 seed=7 nodes=2 loops=3 agents=16 calls=40 seconds=20", "3.000s kill n2 for 1.000s",
				"4.000s move t/a7", PAUSE.toString(), "6.000s empty database", LOCK.toString(), "8.000s hangup u/a1"));

	@Test
	void shouldKeepOnlyTheFaultsThatMatter() {
		LifePlan smallest = new Shrinker((plan) -> kinds(plan).containsAll(List.of(FaultKind.PAUSE, FaultKind.LOCK)))
			.shrink(PLAN);
		assertThat(kinds(smallest)).containsExactly(FaultKind.PAUSE, FaultKind.LOCK);
		assertThat(smallest.loops()).isEqualTo(1);
		assertThat(smallest.agents()).isEqualTo(2);
		assertThat(smallest.seconds()).isLessThan(20);
	}

	@Test
	void shouldKeepAFaultAsLongAsItMustBe() {
		LifePlan smallest = new Shrinker((plan) -> plan.faults()
			.stream()
			.anyMatch((fault) -> fault.kind() == FaultKind.LOCK && fault.millis() > 900)).shrink(PLAN);
		assertThat(smallest.faults()).singleElement()
			.satisfies((fault) -> assertThat(fault.millis()).isBetween(901L, 1_350L));
	}

	@Test
	void shouldKeepTheAgentThatAFaultHits() {
		LifePlan smallest = new Shrinker((plan) -> kinds(plan).contains(FaultKind.MOVE)).shrink(PLAN);
		assertThat(smallest.names()).contains("t/a7");
	}

	private static List<FaultKind> kinds(LifePlan plan) {
		return plan.faults().stream().map(Fault::kind).toList();
	}

}
