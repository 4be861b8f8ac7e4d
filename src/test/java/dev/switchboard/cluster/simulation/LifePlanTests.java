package dev.switchboard.cluster.simulation;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class LifePlanTests {

	private static final String LIFE = "life 1 seed=7 nodes=2 loops=1 agents=4 calls=20 seconds=10";

	@Test
	void shouldReadEveryPlanThatItWrites() {
		LongStream.range(0, 200).mapToObj(LifePlan::of).forEach((plan) -> {
			LifePlan read = LifePlan.parse(plan.lines());
			assertThat(read).isEqualTo(plan);
		});
	}

	@Test
	void shouldDrawTheSamePlanForTheSameSeed() {
		assertThat(LifePlan.of(42)).isEqualTo(LifePlan.of(42)).isNotEqualTo(LifePlan.of(43));
	}

	@Test
	void shouldDrawEveryKindOfFault() {
		Set<FaultKind> drawn = EnumSet.noneOf(FaultKind.class);
		LongStream.range(0, 200)
			.mapToObj(LifePlan::of)
			.forEach((plan) -> plan.faults().forEach((fault) -> drawn.add(fault.kind())));
		assertThat(drawn).containsExactlyInAnyOrder(FaultKind.values());
	}

	@Test
	void shouldIgnoreCommentsAndEmptyLines() {
		LifePlan plan = LifePlan.parse(List.of("# what happened", "", LIFE, "  3.500s pause n2 for 1.000s"));
		assertThat(plan.faults()).containsExactly(new Fault(3_500, FaultKind.PAUSE, "n2", 1_000));
	}

	@Test
	void shouldRefuseAStoryOfAnotherForm() {
		assertRefused("life 2 seed=7 nodes=2 loops=1 agents=4 calls=20 seconds=10", "begins with: life 1");
		assertRefused("", "begins with: life 1");
	}

	@Test
	void shouldRefuseALineThatIsNoFault() {
		assertRefused(LIFE + "\nat noon kill n1", "not a fault: at noon kill n1");
		assertRefused(LIFE + "\n3.000s melt n1", "no kind of fault is called melt: 3.000s melt n1");
	}

	@Test
	void shouldRefuseAFaultOfSomethingThatTheLifeDoesNotHave() {
		assertRefused(LIFE + "\n3.000s kill n3 for 1.000s", "this life has no n3");
		assertRefused(LIFE + "\n3.000s cut n1>n9 for 1.000s", "this life has no n1>n9");
		assertRefused(LIFE + "\n3.000s move t/a9", "this life has no t/a9");
		assertRefused(LIFE + "\n3.000s lock users for 1.000s", "this life has no users");
	}

	private static void assertRefused(String story, String reason) {
		assertThatIllegalArgumentException().isThrownBy(() -> LifePlan.parse(story.lines().toList()))
			.withMessageContaining(reason);
	}

}
