package dev.switchboard.drain;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.switchboard.connection.ConnectionRegistry;
import dev.switchboard.listener.ApiConnections;
import dev.switchboard.time.Chance;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class ProcessEndTests {

	private final List<Integer> exits = new CopyOnWriteArrayList<>();

	private final List<Integer> halts = new CopyOnWriteArrayList<>();

	private volatile int recordedCalls = 1;

	private final Drain drain = new Drain(new DrainSettings(Duration.ZERO, Duration.ofMinutes(5)),
			new DrainSteps(new DrainedNode((_) -> {
			}, new ConnectionRegistry(), new ApiConnections(), (_) -> Mono.empty(),
					() -> Mono.just(Destinations.unknown(1)), () -> 0, () -> this.recordedCalls, () -> Instant.EPOCH),
					new GoAways(Chance.SYSTEM, new SimpleMeterRegistry()), Chance.SYSTEM));

	private final ProcessEnd end = new ProcessEnd(this.drain, this.exits::add, this.halts::add);

	@Test
	void shouldExitAfterTheDrain() {
		this.end.signalled("SIGTERM", 143);
		assertThat(this.drain.state().ending()).isTrue();
		assertThat(this.exits).isEmpty();
		this.recordedCalls = 0;
		await().until(() -> this.exits.equals(List.of(143)));
		assertThat(this.halts).isEmpty();
	}

	@Test
	void shouldEndAtOnceAtTheSecondSignal() {
		this.end.signalled("SIGTERM", 143);
		this.end.signalled("SIGINT", 130);
		assertThat(this.halts).containsExactly(130);
		assertThat(this.exits).isEmpty();
		this.recordedCalls = 0;
	}

}
