package dev.switchboard.cluster;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import dev.switchboard.GatewayProcess;
import dev.switchboard.agent.SwitchboardAgent;
import dev.switchboard.database.MariaDbServer;
import dev.switchboard.json.Payload;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

@DisplayName("Events of agents on three nodes")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EventsIT {

	private static final int AGENTS = 50;

	private static final int EVENTS = Integer.getInteger("switchboard.events", 100);

	private final MariaDbServer server = MariaDbServer.shared();

	private final Cluster cluster = Cluster.start(this.server, 3);

	@AfterAll
	void stop() {
		this.cluster.close();
	}

	/** An agent that sends numbers, and counts those that were acknowledged. */
	private final class Sender implements AutoCloseable {

		private final AtomicInteger acknowledged = new AtomicInteger();

		private final SwitchboardAgent agent;

		Sender(int number) {
			var builder = SwitchboardAgent.builder()
				.identity("acme", "sender-" + number)
				.reconnect(Duration.ofMillis(100), Duration.ofSeconds(2));
			for (int i = 0; i < 3; i++) {
				builder.url(Cluster.agentAddress(EventsIT.this.cluster.node((number + i) % 3)));
			}
			this.agent = builder.build();
			this.agent.start().join();
		}

		CompletableFuture<Void> send() {
			return Flux.interval(Duration.ofMillis(150))
				.take(EVENTS)
				.flatMap((n) -> Mono.fromFuture(this.agent.event("n", Payload.parse(Long.toString(n))))
					.doOnSuccess((_) -> this.acknowledged.incrementAndGet()), EVENTS)
				.then()
				.toFuture();
		}

		@Override
		public void close() {
			this.agent.close();
		}

	}

	/** A reader that follows the log by cursors, at the nodes in turn. */
	private final class Reader {

		private final Map<String, List<Integer>> seen = new HashMap<>();

		private String query = "";

		private int turn;

		boolean read() {
			GatewayProcess node = EventsIT.this.cluster.node(this.turn++ % 3);
			JsonNode page = EventsIT.this.cluster.callers()
				.get(node, "/v1/tenants/acme/events?limit=77&type=switchboard.event" + this.query);
			if (!page.has("next")) {
				return false;
			}
			this.query = "&after=" + page.path("next").asString();
			page.path("events")
				.forEach((event) -> this.seen
					.computeIfAbsent(URI.create(event.path("source").asString()).getPath(), (_) -> new ArrayList<>())
					.add(event.path("data").asInt()));
			return !page.path("events").isEmpty();
		}

		int count() {
			return this.seen.values().stream().mapToInt(List::size).sum();
		}

	}

	@Test
	@DisplayName("a node is killed, the database stands still for a while | each reader gets each event once, in order")
	void shouldLoseNoEventAndKeepTheirOrder() throws Exception {
		List<Sender> senders = IntStream.range(0, AGENTS).mapToObj(Sender::new).toList();
		List<CompletableFuture<Void>> sent = senders.stream().map(Sender::send).toList();
		Reader early = new Reader();
		awaitAcknowledged(senders, AGENTS * EVENTS / 5);
		early.read();
		this.cluster.node(0).kill();
		this.cluster.startAgain(0);
		awaitAcknowledged(senders, AGENTS * EVENTS / 2);
		this.server.freeze();
		try {
			// A page is refused, after the directory has been silent for a while.
			Cluster.await().until(() -> !new Reader().read());
		}
		finally {
			this.server.thaw();
		}
		CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new)).get(2, TimeUnit.MINUTES);
		Reader late = new Reader();
		for (Reader reader : List.of(early, late)) {
			Cluster.await().until(() -> !reader.read() && reader.count() >= AGENTS * EVENTS);
			assertThat(reader.seen).hasSize(AGENTS)
				.allSatisfy((_, numbers) -> assertThat(numbers).isEqualTo(IntStream.range(0, EVENTS).boxed().toList()));
		}
		senders.forEach(Sender::close);
	}

	private static void awaitAcknowledged(List<Sender> senders, int count) {
		Cluster.await().until(() -> senders.stream().mapToInt((sender) -> sender.acknowledged.get()).sum() >= count);
	}

}
