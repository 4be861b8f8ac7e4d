package dev.switchboard.cluster.simulation;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.function.Supplier;

/** The clock of the present life's database, as H2 asks for it. */
public final class DatabaseClock {

	private static Supplier<Instant> clock = () -> Instant.EPOCH;

	private DatabaseClock() {
	}

	static void set(Supplier<Instant> present) {
		clock = present;
	}

	/** Returns the time in UTC. H2 calls this method. */
	public static LocalDateTime simulatedNow() {
		return LocalDateTime.ofInstant(clock.get(), ZoneOffset.UTC);
	}

}
