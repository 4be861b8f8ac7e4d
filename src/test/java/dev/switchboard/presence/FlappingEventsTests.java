package dev.switchboard.presence;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import dev.switchboard.connection.GatewayEvent;
import dev.switchboard.database.DatabaseUnavailableException;
import dev.switchboard.directory.SupersedeStreak;
import dev.switchboard.protocol.AgentId;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

class FlappingEventsTests {

	private static final AgentId LAPTOP = new AgentId("acme", "laptop");

	private static final SupersedeStreak THREE = new SupersedeStreak(3, Instant.ofEpochSecond(60));

	private final List<GatewayEvent> log = new ArrayList<>();

	@Test
	void shouldSendAnEventEachTime() {
		FlappingEvents events = new FlappingEvents((sent) -> Mono.fromRunnable(() -> this.log.addAll(sent)));
		events.flapping(LAPTOP, THREE);
		events.flapping(LAPTOP, new SupersedeStreak(4, Instant.ofEpochSecond(120)));
		assertThat(this.log).extracting(GatewayEvent::type).containsOnly("switchboard.agent.flapping");
		assertThat(this.log).extracting((event) -> event.data().text())
			.containsExactly("{\"count\":3}", "{\"count\":4}");
		assertThat(this.log).extracting(GatewayEvent::id).doesNotHaveDuplicates();
		assertThat(this.log).extracting(GatewayEvent::time)
			.containsExactly(Instant.ofEpochSecond(60), Instant.ofEpochSecond(120));
	}

	@Test
	void shouldGoOnWithoutTheLog() {
		FlappingEvents events = new FlappingEvents((_) -> Mono.error(new DatabaseUnavailableException("away", null)));
		assertThatCode(() -> events.flapping(LAPTOP, THREE)).doesNotThrowAnyException();
	}

}
