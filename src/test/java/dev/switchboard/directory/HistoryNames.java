package dev.switchboard.directory;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Random;
import java.util.UUID;

import dev.switchboard.database.SteppedSession;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.NodeId;
import org.jspecify.annotations.Nullable;

/**
 * Draws the values of a history from its seed. There are few values of each kind, so that
 * statements meet in the same rows. They differ where databases may see no difference: in
 * case, in accents, in spaces at the end, in a byte's highest bit.
 */
final class HistoryNames {

	/** How many nodes a history has. */
	static final int NODES = 3;

	/** When a history begins: a multiple of the clock's step. */
	static final long START = 1_767_323_045L * 1_000_000;

	private static final List<AgentId> AGENTS = List.of(new AgentId("acme", "a"), new AgentId("acme", "A"),
			new AgentId("ACME", "a"), new AgentId("acme", "a_"), new AgentId("acme", "a" + "z".repeat(127)));

	private static final List<String> TEXTS = List.of("a", "A", "\u00e4", "a ", "\u0436 \ud83d\ude00", "'\\\"%_");

	private static final List<String> REMOTES = List.of("192.0.2.1", "192.0.2.1:50123", "[2001:db8::1]:443",
			"2001:DB8:0:0:0:0:0:1");

	private final Random random;

	HistoryNames(Random random) {
		this.random = random;
	}

	static NodeId node(int number) {
		return new NodeId(new UUID(0x7fff_ffff_ffff_4000L + number * 0x4000_0000_0000_0000L, number));
	}

	/** Draws a number from 0 to below the bound. */
	int below(int bound) {
		return this.random.nextInt(bound);
	}

	boolean chance(int outOf) {
		return this.random.nextInt(outOf) == 0;
	}

	int node() {
		return below(NODES);
	}

	AgentId agent() {
		return any(AGENTS);
	}

	String text() {
		return any(TEXTS);
	}

	@Nullable String remote() {
		return chance(3) ? null : any(REMOTES);
	}

	UUID uuid() {
		return new UUID(this.random.nextLong(), this.random.nextLong());
	}

	/** Draws a time near the history's, to the microsecond. */
	Instant instant() {
		return Instant.EPOCH.plus(START + below(4_000_000), ChronoUnit.MICROS);
	}

	/** Draws an epoch out of few, so that epochs are often equal. */
	long epoch() {
		return START + below(8);
	}

	/** Draws a duration in steps of the clock: none, short, or long. */
	int steps() {
		return switch (below(6)) {
			case 0 -> 1;
			case 1, 2 -> 64 * below(20);
			case 3 -> 64 * 60 * below(20);
			case 4 -> 64 * 3600 * below(40);
			default -> 0;
		};
	}

	/** Draws a duration that may be over after some steps, to the millisecond. */
	Duration lifetime() {
		return chance(2) ? Duration.ofMillis(1 + below(2000))
				: Duration.of((1 + steps()) * SteppedSession.STEP, ChronoUnit.MICROS);
	}

	@Nullable LastClose close() {
		return switch (below(4)) {
			case 0 -> null;
			case 1 -> new LastClose(1006, "", instant());
			case 2 -> new LastClose(4000 + below(3), text(), instant());
			default -> new LastClose(1001, "\u00e4".repeat(50 + below(20)), instant());
		};
	}

	<T> T any(List<T> values) {
		return values.get(below(values.size()));
	}

}
