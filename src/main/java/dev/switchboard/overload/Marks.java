package dev.switchboard.overload;

import java.util.Locale;
import java.util.function.ToDoubleFunction;

import dev.switchboard.problem.SettingsRefusedException;

/**
 * The marks for one measured value: the value beyond which each level begins. A level
 * that has begun ends at a lower value, so that the node does not change its level again
 * and again. Immutable.
 *
 * @param name the name of the value, as it is in the log
 * @param unit the unit of the value, as it is in the log
 * @param value takes the value from a measurement
 * @param handshakes the mark of {@link Level#NO_HANDSHAKES}
 * @param shedding the mark of {@link Level#SHEDDING}
 * @param calls the mark of {@link Level#REFUSING}
 * @param end turns a mark into the value at which the level ends
 */
record Marks(String name, String unit, ToDoubleFunction<Measurement> value, double handshakes, double shedding,
		double calls, End end) {

	/** By how much a value must fall below a mark to end a level. */
	enum End {

		/** To half of the mark. */
		HALF,
		/** By five points. */
		FIVE_BELOW;

		double of(double mark) {
			return (this == HALF) ? mark / 2 : mark - 5;
		}

	}

	static Marks of(OverloadSettings.Delays delays) {
		return new Marks("an event loop is late by", "ms", Measurement::loopDelayMillis, delays.handshakes().toMillis(),
				delays.shedding().toMillis(), delays.calls().toMillis(), End.HALF)
			.ascending("loop-delay");
	}

	static Marks ofHeap(OverloadSettings.Shares shares) {
		return new Marks("the heap in use after collections is", "%", Measurement::heapPercent, shares.handshakes(),
				shares.shedding(), shares.calls(), End.FIVE_BELOW)
			.ascending("heap");
	}

	static Marks ofDirect(OverloadSettings.Shares shares) {
		return new Marks("the memory for direct buffers in use is", "%", Measurement::directPercent,
				shares.handshakes(), shares.shedding(), shares.calls(), End.FIVE_BELOW)
			.ascending("direct");
	}

	private Marks ascending(String setting) {
		if (this.handshakes > this.shedding || this.shedding > this.calls) {
			throw new SettingsRefusedException(
					"The marks of switchboard.overload." + setting
							+ " do not ascend: handshakes are refused first, then agents move, then calls are refused.",
					"Make switchboard.overload." + setting + ".handshakes <= .shedding <= .calls");
		}
		return this;
	}

	/**
	 * Returns the level that the value calls for.
	 * @param present the present level, which ends only well below its mark
	 */
	Level level(Measurement measurement, Level present) {
		double measured = this.value.applyAsDouble(measurement);
		Level level = Level.REFUSING;
		while (level != Level.NORMAL
				&& measured < (present.isAtLeast(level) ? this.end.of(mark(level)) : mark(level))) {
			level = level.below();
		}
		return level;
	}

	private double mark(Level level) {
		return switch (level) {
			case NORMAL -> 0;
			case NO_HANDSHAKES -> this.handshakes;
			case SHEDDING -> this.shedding;
			case REFUSING -> this.calls;
		};
	}

	/** Says what was measured, and the mark of the level. */
	String describe(Measurement measurement, Level level) {
		return String.format(Locale.ROOT, "%s %.0f %s (mark: %.0f %s)", this.name,
				this.value.applyAsDouble(measurement), this.unit, mark(level), this.unit);
	}

}
