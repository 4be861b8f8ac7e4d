package dev.switchboard.time;

import java.util.UUID;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Measures what an id costs. */
@State(Scope.Thread)
public class ChanceBenchmark {

	private final Chance seeded = Chance.seeded(7);

	@Benchmark
	public UUID id() {
		return Chance.SYSTEM.uuid();
	}

	@Benchmark
	public UUID idOfASimulation() {
		return this.seeded.uuid();
	}

}
