package dev.switchboard.simulator.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

import dev.switchboard.simulator.FootprintCommand;

/** Runs of alternating rounds as a table in Markdown. */
final class FanoutTable {

	private final List<List<FanoutRun>> rounds = new ArrayList<>();

	/** Adds a round. Each has the same ways in the same order. */
	void add(List<FanoutRun> round) {
		this.rounds.add(List.copyOf(round));
	}

	@Override
	public String toString() {
		StringBuilder out = new StringBuilder("Medians of the rounds:\n\n| | a second | server CPU µs each |\n|---|---|---|\n");
		for (int way = 0; !this.rounds.isEmpty() && way < this.rounds.getFirst().size(); way++) {
			out.append(String.format(Locale.ROOT, "| %s | %,.0f | %.2f |%n", name(way),
					median(way, FanoutRun::perSecond), median(way, FanoutRun::serverMicrosEach)));
		}
		out.append("\nMedian of the rounds' ratios:\n\n| | rate | server CPU |\n|---|---|---|\n");
		for (int way = 0; !this.rounds.isEmpty() && way + 1 < this.rounds.getFirst().size(); way += 2) {
			out.append(String.format(Locale.ROOT, "| %s to %s | %.2f | %.2f |%n", name(way), name(way + 1),
					ratio(way, FanoutRun::perSecond), ratio(way, FanoutRun::serverMicrosEach)));
		}
		return out.toString();
	}

	private String name(int way) {
		return this.rounds.getFirst().get(way).name();
	}

	private double median(int way, ToDoubleFunction<FanoutRun> figure) {
		return FootprintCommand
			.median(this.rounds.stream().mapToDouble((round) -> figure.applyAsDouble(round.get(way))).toArray());
	}

	/** A way is compared with the next one. */
	private double ratio(int way, ToDoubleFunction<FanoutRun> figure) {
		return FootprintCommand.median(this.rounds.stream()
			.mapToDouble((round) -> figure.applyAsDouble(round.get(way)) / figure.applyAsDouble(round.get(way + 1)))
			.toArray());
	}

}
