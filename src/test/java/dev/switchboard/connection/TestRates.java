package dev.switchboard.connection;

import java.time.Duration;

import dev.switchboard.time.TimeSource;

import org.springframework.util.unit.DataSize;

/** Rates of tests. */
final class TestRates {

	private TestRates() {
	}

	/** Rates that no test reaches. */
	static AgentRates unlimited() {
		return new AgentRates(
				new RateSettings(Integer.MAX_VALUE, Integer.MAX_VALUE, DataSize.ofTerabytes(1), Duration.ofDays(1)),
				TimeSource.SYSTEM, (_) -> {
				});
	}

}
