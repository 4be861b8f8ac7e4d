package dev.switchboard.event;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import dev.switchboard.connection.GatewayEvent;
import dev.switchboard.database.DatabaseUnavailableException;
import dev.switchboard.database.TestDatabase;
import dev.switchboard.directory.TestNode;
import dev.switchboard.json.Payload;
import dev.switchboard.protocol.Frame;
import dev.switchboard.time.Chance;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class StoredGatewayEventsTests {

	private final TestNode node = new TestNode(TestDatabase.H2.create(), Duration.ofSeconds(15));

	private final StoredGatewayEvents events = new StoredGatewayEvents(
			new EventWriter(this.node.database, new BatchStore(this.node.clock, new AtomicLong()::incrementAndGet),
					new EventQueue(10_000, 5), new EventMetrics(this.node.meters), () -> {
					}, Chance.SYSTEM));

	@AfterEach
	void close() {
		this.node.close();
	}

	private static GatewayEvent event(String id) {
		return new GatewayEvent(TestEvents.LAPTOP, "switchboard.agent.connected", id, "laptop", Instant.EPOCH,
				Payload.TRUE);
	}

	private double counted(String outcome) {
		return this.node.meters.counter("switchboard.events", "outcome", outcome).count();
	}

	@Test
	void shouldStoreEachEventOnce() {
		this.events.store(List.of(event("1"), event("2"))).block(TestNode.LIMIT);
		this.events.store(List.of(event("2"), event("3"))).block(TestNode.LIMIT);
		this.events.store(List.of()).block(TestNode.LIMIT);
		assertThat(counted("stored")).isEqualTo(3);
		assertThat(counted("repeated")).isEqualTo(1);
	}

	@Test
	void shouldFailIfTooManyWait() {
		List<GatewayEvent> many = IntStream.range(0, 6).mapToObj((number) -> event("e" + number)).toList();
		assertThatThrownBy(() -> this.events.store(many).block(TestNode.LIMIT))
			.isInstanceOf(DatabaseUnavailableException.class);
	}

	@Test
	void shouldNotLetAnAgentTakeTheKeysOfTheGateway() {
		Event ours = Event.of(event("connected:1"));
		Event agents = Event.of(TestEvents.LAPTOP, new Frame.Event("connected:1", "laptop", Payload.TRUE));
		assertThat(ours.key()).isNotEqualTo(agents.key()).isEqualTo(Event.of(event("connected:1")).key());
	}

}
