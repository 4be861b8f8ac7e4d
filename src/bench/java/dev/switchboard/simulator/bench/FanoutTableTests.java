package dev.switchboard.simulator.bench;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class FanoutTableTests {

	@Test
	void shouldShowMediansAndRatiosOfEachWayToTheNext() {
		FanoutTable table = new FanoutTable();
		table.add(List.of(run("pushes", 1, 200), run("publish", 2, 100)));
		table.add(List.of(run("pushes", 4, 300), run("publish", 1, 100)));
		table.add(List.of(run("pushes", 2, 400), run("publish", 2, 100)));
		assertThat(table.toString().lines()).contains("| pushes | 500 | 0.30 |", "| publish | 500 | 0.10 |",
				"| pushes to publish | 1.00 | 3.00 |");
	}

	@Test
	void shouldBeEmptyWithoutRounds() {
		assertThat(new FanoutTable().toString()).doesNotContain(" to ");
	}

	private static FanoutRun run(String name, int seconds, long micros) {
		return new FanoutRun(name, 1000, new Cost(seconds * 1_000_000_000L, 0, micros, 0));
	}

}
