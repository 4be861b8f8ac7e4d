package dev.switchboard.simulator.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

import dev.switchboard.simulator.FootprintCommand;

/** Reports of alternating rounds as a table in Markdown. */
final class ComparisonTable {

	private final List<List<BenchReport>> rounds = new ArrayList<>();

	/** Adds a round: what is compared comes first, then what with, in the same order. */
	void add(BenchReport... reports) {
		this.rounds.add(List.of(reports));
	}

	/** The worst of all. */
	int exitStatus() {
		return this.rounds.stream().flatMap(List::stream).mapToInt(BenchReport::exitStatus).max().orElse(1);
	}

	@Override
	public String toString() {
		StringBuilder out = new StringBuilder("""
				| round | | a second | p50 ms | p99 ms | p99.9 ms | server CPU µs each |
				|---|---|---|---|---|---|---|
				""");
		for (int i = 0; i < this.rounds.size(); i++) {
			for (BenchReport report : this.rounds.get(i)) {
				out.append(row(i + 1, report));
			}
		}
		out.append("\nMedian of the rounds' ratios:\n\n| | rate | p50 | p99 | server CPU |\n|---|---|---|---|---|\n");
		for (int i = 1; !this.rounds.isEmpty() && i < this.rounds.getFirst().size(); i++) {
			out.append(ratios(i));
		}
		return out.toString();
	}

	private static String row(int round, BenchReport report) {
		return String.format(Locale.ROOT, "| %d | %s | %,.0f | %.2f | %.2f | %.2f | %.1f |%n", round, report.name(),
				report.perSecond(), report.millis(50), report.millis(99), report.millis(99.9),
				report.serverMicrosEach());
	}

	private String ratios(int other) {
		List<BenchReport> first = this.rounds.getFirst();
		return String.format(Locale.ROOT, "| %s to %s | %.2f | %.2f | %.2f | %.2f |%n", first.getFirst().name(),
				first.get(other).name(), ratio(other, BenchReport::perSecond),
				ratio(other, (report) -> report.millis(50)), ratio(other, (report) -> report.millis(99)),
				ratio(other, BenchReport::serverMicrosEach));
	}

	private double ratio(int other, ToDoubleFunction<BenchReport> figure) {
		return FootprintCommand.median(this.rounds.stream()
			.mapToDouble((round) -> figure.applyAsDouble(round.getFirst()) / figure.applyAsDouble(round.get(other)))
			.toArray());
	}

}
