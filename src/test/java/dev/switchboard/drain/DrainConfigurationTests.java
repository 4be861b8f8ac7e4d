package dev.switchboard.drain;

import java.time.Duration;
import java.time.Instant;

import dev.switchboard.connection.ConnectionRegistry;
import dev.switchboard.listener.ApiConnections;
import dev.switchboard.problem.SettingsRefusedException;
import dev.switchboard.time.Chance;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class DrainConfigurationTests {

	private final DrainedNode node = new DrainedNode((_) -> {
	}, new ConnectionRegistry(), new ApiConnections(), (_) -> Mono.empty(), () -> Mono.just(Destinations.unknown(1)),
			() -> 0, () -> 0, () -> Instant.EPOCH);

	@ParameterizedTest
	@ValueSource(strings = { "PT50S", "PT1M" })
	void shouldRefuseAnAnnouncementThatLeavesNoTime(Duration announce) {
		assertThatExceptionOfType(SettingsRefusedException.class).isThrownBy(() -> drain(announce))
			.withMessageContaining("switchboard.drain.announce (" + announce.toMillis() + " ms)")
			.withMessageContaining("switchboard.drain.within (50000 ms)");
	}

	@Test
	void shouldTakeADrainWithoutAnAnnouncement() {
		assertThat(drain(Duration.ZERO).isDraining()).isFalse();
	}

	private Drain drain(Duration announce) {
		return new DrainConfiguration().drain(new DrainSettings(announce, Duration.ofSeconds(50)), this.node,
				new GoAways(Chance.SYSTEM, new SimpleMeterRegistry()), Chance.SYSTEM);
	}

}
