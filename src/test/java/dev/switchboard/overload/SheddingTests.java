package dev.switchboard.overload;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;

class SheddingTests {

	private final AtomicReference<Level> level = new AtomicReference<>(Level.NORMAL);

	private final AtomicBoolean draining = new AtomicBoolean();

	private final List<String> moves = new ArrayList<>();

	private final Shedding shedding = shedding(1);

	private Shedding shedding(double percent) {
		return new Shedding(percent, this.level::get, () -> 1000, this.draining::get, (most, perSecond) -> {
			this.moves.add(most + " at " + perSecond);
			return Mono.just(most);
		});
	}

	private void portions(Shedding shedding, int count) {
		for (int i = 0; i < count; i++) {
			StepVerifier.create(shedding.portion()).thenConsumeWhile((_) -> true).verifyComplete();
		}
	}

	@Test
	void shouldMoveAgentsAtTheRateWhileTheOverloadLasts() {
		this.level.set(Level.SHEDDING);
		portions(this.shedding, 1);
		assertThat(this.moves).isEmpty();
		portions(this.shedding, 2);
		assertThat(this.moves).containsExactly("50 at 10.0", "50 at 10.0");
		this.level.set(Level.NO_HANDSHAKES);
		portions(this.shedding, 3);
		this.level.set(Level.REFUSING);
		portions(this.shedding, 1);
		assertThat(this.moves).hasSize(2);
		portions(this.shedding, 1);
		assertThat(this.moves).hasSize(3);
	}

	@Test
	void shouldLeaveItToADrainToMoveAgents() {
		this.level.set(Level.REFUSING);
		this.draining.set(true);
		portions(this.shedding, 5);
		assertThat(this.moves).isEmpty();
	}

	@Test
	void shouldMoveNoAgentsIfTheRateIsZero() {
		this.level.set(Level.REFUSING);
		portions(shedding(0), 5);
		assertThat(this.moves).isEmpty();
	}

}
