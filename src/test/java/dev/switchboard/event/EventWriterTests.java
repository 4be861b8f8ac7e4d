package dev.switchboard.event;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import dev.switchboard.database.TestDatabase;
import dev.switchboard.directory.TestNode;
import dev.switchboard.event.TestEvents.Watched;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.time.Chance;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class EventWriterTests {

	private final TestNode node = new TestNode(TestDatabase.H2.create(), Duration.ofSeconds(15));

	private final AtomicInteger batches = new AtomicInteger();

	private final EventQueue queue = new EventQueue(10_000, 5);

	private final EventWriter writer = new EventWriter(this.node.database,
			new BatchStore(this.node.clock, new AtomicLong()::incrementAndGet), this.queue,
			new EventMetrics(this.node.meters), this.batches::incrementAndGet, Chance.SYSTEM);

	@AfterEach
	void close() {
		this.node.close();
	}

	@Test
	void shouldNotifyOfEachEventOnceItIsStored() {
		Watched watched = new Watched();
		for (int i = 0; i < 5; i++) {
			assertThat(this.writer.add(watched.event(TestEvents.LAPTOP, "e" + i))).isTrue();
		}
		await().until(() -> watched.outcomes.size() == 5);
		assertThat(watched.outcomes).containsOnly("stored");
		assertThat(this.queue.bytes()).isZero();
		assertThat(this.batches).hasPositiveValue();
		assertThat(counted("stored")).isEqualTo(5);
	}

	@Test
	void shouldAcknowledgeARepeatAndCountIt() {
		Watched watched = new Watched();
		this.writer.add(watched.event(TestEvents.LAPTOP, "e"));
		await().until(() -> watched.outcomes.size() == 1);
		this.writer.add(watched.event(TestEvents.LAPTOP, "e"));
		await().until(() -> watched.outcomes.equals(List.of("stored", "stored")));
		assertThat(counted("stored")).isEqualTo(1);
		assertThat(counted("repeated")).isEqualTo(1);
	}

	@Test
	void shouldRefuseMoreOfAnAgentThanMayWait() {
		EventQueue small = new EventQueue(10_000, 2);
		Watched watched = new Watched();
		AgentId other = new AgentId("acme", "other");
		assertThat(small.enter(watched.event(TestEvents.LAPTOP, "1"))).isTrue();
		assertThat(small.enter(watched.event(TestEvents.LAPTOP, "2"))).isTrue();
		assertThat(small.enter(watched.event(TestEvents.LAPTOP, "3"))).isFalse();
		assertThat(small.enter(watched.event(other, "1"))).isTrue();
		small.leave(watched.event(TestEvents.LAPTOP, "1"));
		assertThat(small.enter(watched.event(TestEvents.LAPTOP, "3"))).isTrue();
	}

	@Test
	void shouldRefuseMoreBytesThanMayWait() {
		Watched watched = new Watched();
		PendingEvent event = watched.event(TestEvents.LAPTOP, "1");
		EventQueue small = new EventQueue(event.entry().length(), 10);
		assertThat(small.enter(event)).isTrue();
		assertThat(small.enter(watched.event(new AgentId("acme", "other"), "2"))).isFalse();
		small.leave(event);
		assertThat(small.bytes()).isZero();
	}

	private double counted(String outcome) {
		return this.node.meters.counter("switchboard.events", "outcome", outcome).count();
	}

}
