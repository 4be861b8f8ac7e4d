package dev.switchboard.simulator.bench;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ComparisonTableTests {

	@Test
	void shouldShowEachRoundAndTheMedianOfTheRatios() {
		ComparisonTable table = new ComparisonTable();
		table.add(report("calls", 2, 100), report("reads", 1, 50));
		table.add(report("calls", 4, 100), report("reads", 1, 10));
		table.add(report("calls", 3, 100), report("reads", 1, 25));
		assertThat(table.toString().lines()).contains("| 1 | calls | 5 | 2.00 | 2.00 | 2.00 | 100.0 |",
				"| 2 | reads | 10 | 1.00 | 1.00 | 1.00 | 10.0 |", "| calls to reads | 0.33 | 3.00 | 3.00 | 4.00 |");
		assertThat(table.exitStatus()).isZero();
	}

	@Test
	void shouldFailIfOneReportHasFailed() {
		ComparisonTable table = new ComparisonTable();
		assertThat(table.exitStatus()).isOne();
		BenchReport failed = report("reads", 1, 1);
		failed.measurement().record(new Verdict.Mismatch("other"), 1);
		table.add(report("calls", 1, 1), failed);
		assertThat(table.exitStatus()).isEqualTo(3);
	}

	// Ten requests, one after the other.
	private static BenchReport report(String name, int millisEach, long serverMicrosEach) {
		Measurement measurement = new Measurement();
		for (int i = 0; i < 10; i++) {
			measurement.record(Verdict.RIGHT, millisEach * 1_000_000L);
		}
		return new BenchReport(name, measurement, new Cost(millisEach * 1_000_000_000L, 0, serverMicrosEach * 10, 0));
	}

}
