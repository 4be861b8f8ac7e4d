package dev.switchboard.drain;

import dev.switchboard.connection.ConnectionRegistry;
import dev.switchboard.time.Chance;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import reactor.core.publisher.Mono;

/** Makes moves of agents for the tests of other rooms. */
public final class TestMoves {

	private TestMoves() {
	}

	/** Moves of agents that have these connections. */
	public static AgentMoves of(ConnectionRegistry registry) {
		return new AgentMoves(registry, new GoAways(Chance.seeded(1), new SimpleMeterRegistry()),
				() -> Mono.just(Destinations.unknown(1)), Chance.seeded(2));
	}

}
