package dev.switchboard.overload;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.switchboard.problem.SettingsRefusedException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class LevelMachineTests {

	private static final OverloadSettings.Delays DELAYS = new OverloadSettings.Delays(Duration.ofMillis(100),
			Duration.ofMillis(200), Duration.ofMillis(300));

	private static final OverloadSettings.Shares SHARES = new OverloadSettings.Shares(80, 85, 90);

	private static final Duration STEP = Duration.ofMillis(100);

	private final LevelMachine machine = new LevelMachine(settings(DELAYS, SHARES));

	private long now;

	static OverloadSettings settings(OverloadSettings.Delays delays, OverloadSettings.Shares shares) {
		return new OverloadSettings(true, delays, shares, shares, 20, 1);
	}

	private static Measurement late(double millis) {
		return new Measurement(millis, 10, 10, false);
	}

	private static Measurement heap(double percent) {
		return new Measurement(0, percent, 10, false);
	}

	/** Measures the same for a while, and returns the levels that this led to. */
	private List<Level> levels(Measurement measurement, Duration time) {
		List<Level> levels = new ArrayList<>();
		for (Duration passed = Duration.ZERO; passed.compareTo(time) <= 0; passed = passed.plus(STEP)) {
			if (this.machine.step(measurement, this.now)) {
				levels.add(this.machine.level());
			}
			this.now += STEP.toNanos();
		}
		return levels;
	}

	@Test
	void shouldFirstRefuseHandshakesThenMoveAgentsThenRefuseCalls() {
		List<Level> levels = new ArrayList<>();
		for (int millis = 0; millis <= 350; millis += 50) {
			levels.addAll(levels(late(millis), LevelMachine.LASTING));
		}
		assertThat(levels).containsExactly(Level.NO_HANDSHAKES, Level.SHEDDING, Level.REFUSING);
	}

	@Test
	void shouldSayWhatWasMeasured() {
		levels(late(212), LevelMachine.LASTING);
		assertThat(this.machine.reason()).isEqualTo("an event loop is late by 212 ms (mark: 200 ms)");
		levels(heap(97), LevelMachine.LASTING);
		assertThat(this.machine.reason()).isEqualTo("the heap in use after collections is 97 % (mark: 90 %)");
	}

	@Test
	void shouldNotBeOverloadedBecauseOfAPause() {
		assertThat(levels(late(5000), LevelMachine.LASTING.dividedBy(2))).isEmpty();
		assertThat(levels(late(0), LevelMachine.LASTING.dividedBy(2))).isEmpty();
		assertThat(levels(late(5000), LevelMachine.LASTING.dividedBy(2))).isEmpty();
	}

	@Test
	void shouldBeRefusingAtOnceWhenAnEventLoopRefusesCalls() {
		assertThat(this.machine.step(new Measurement(0, 0, 0, true), this.now)).isTrue();
		assertThat(this.machine.level()).isEqualTo(Level.REFUSING);
		assertThat(this.machine.reason()).contains("calls are refused");
	}

	@Test
	void shouldTakeBackOneStepAfterTheOtherWithinThreeSeconds() {
		levels(late(400), LevelMachine.LASTING);
		assertThat(levels(late(0), Duration.ofSeconds(3))).containsExactly(Level.SHEDDING, Level.NO_HANDSHAKES,
				Level.NORMAL);
	}

	@Test
	void shouldKeepItsLevelJustBelowTheMark() {
		levels(late(120), LevelMachine.LASTING);
		assertThat(levels(late(70), Duration.ofMinutes(1))).isEmpty();
		assertThat(levels(late(40), Duration.ofSeconds(1))).containsExactly(Level.NORMAL);
		levels(heap(81), LevelMachine.LASTING);
		assertThat(levels(heap(76), Duration.ofMinutes(1))).isEmpty();
		assertThat(levels(heap(74), Duration.ofSeconds(1))).containsExactly(Level.NORMAL);
	}

	@Test
	void shouldNotFallWhileTheLoadComesAndGoes() {
		levels(late(400), LevelMachine.LASTING);
		for (int i = 0; i < 50; i++) {
			assertThat(levels(late(0), LevelMachine.CALM.minus(STEP.multipliedBy(2)))).isEmpty();
			assertThat(levels(late(400), STEP)).isEmpty();
		}
	}

	// emqx/emqx#11891
	@Test
	void shouldRefuseHandshakesWhenTheMemoryIsAlmostFull() {
		assertThat(levels(heap(81), Duration.ZERO)).containsExactly(Level.NO_HANDSHAKES);
		assertThat(this.machine.isMemoryFull(heap(81))).isFalse();
		assertThat(levels(new Measurement(0, 0, 91, false), Duration.ZERO)).containsExactly(Level.REFUSING);
		assertThat(this.machine.isMemoryFull(new Measurement(0, 0, 91, false))).isTrue();
	}

	@Test
	void shouldRefuseMarksThatDoNotAscend() {
		OverloadSettings delays = settings(
				new OverloadSettings.Delays(Duration.ofMillis(100), Duration.ofMillis(90), Duration.ofMillis(300)),
				SHARES);
		assertThatExceptionOfType(SettingsRefusedException.class).isThrownBy(() -> new LevelMachine(delays))
			.withMessageContaining("switchboard.overload.loop-delay");
		OverloadSettings shares = settings(DELAYS, new OverloadSettings.Shares(80, 95, 90));
		assertThatExceptionOfType(SettingsRefusedException.class).isThrownBy(() -> new LevelMachine(shares))
			.withMessageContaining("switchboard.overload.heap");
	}

}
