package dev.switchboard.event;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

import dev.switchboard.database.MariaDbServer;
import dev.switchboard.directory.Rate;
import dev.switchboard.directory.TestNode;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.time.Chance;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * Events a second that the log takes on MariaDB: as many events as wait at load, whose
 * statements are coalesced, beside the same one after the other, in turns in one run.
 * <p>
 * Arguments, each optional: events ({@code 200000}), rounds ({@code 3}).
 */
public final class EventsBenchmark {

	private static final int WAITING = 20_000;

	private static final int ONE_BY_ONE = 2000;

	private static final int AGENTS = 500;

	private final MariaDbServer server;

	private final TestNode node;

	private final LongSupplier tokens = EventConfiguration.tokens(Chance.SYSTEM);

	private final BatchStore store;

	private final EventWriter writer;

	private final AtomicLong made = new AtomicLong();

	private EventsBenchmark(MariaDbServer server, TestNode node) {
		this.server = server;
		this.node = node;
		this.store = new BatchStore(node.clock, this.tokens);
		this.writer = new EventWriter(node.database, this.store, new EventQueue(Long.MAX_VALUE, WAITING),
				new EventMetrics(node.meters), () -> {
				}, Chance.SYSTEM);
	}

	public static void main(List<String> args) {
		int events = args.isEmpty() ? 200_000 : Integer.parseInt(args.get(0));
		int rounds = (args.size() < 2) ? 3 : Integer.parseInt(args.get(1));
		MariaDbServer server = new MariaDbServer("--innodb-buffer-pool-size=1G");
		try (TestNode node = new TestNode(server.create(), Duration.ofMinutes(2))) {
			TestNode.get(node.register());
			new EventsBenchmark(server, node).run(events, rounds);
		}
		finally {
			server.stop();
		}
	}

	private void run(int events, int rounds) {
		System.out
			.println("| round | coalesced, a second | events a statement | one by one, a second | ratio |\n|--:|--:|--:|--:|--:|");
		Rate.of(events, WAITING, this::coalesced); // the code is warm
		for (int round = 1; round <= rounds; round++) {
			long before = this.server.counter("Questions");
			double coalesced = Rate.of(events, WAITING, this::coalesced);
			double each = (double) events / (this.server.counter("Questions") - before);
			double oneByOne = Rate.of(ONE_BY_ONE, 1, this::alone);
			System.out.printf(Locale.ROOT, "| %d | %.0f | %.0f | %.0f | %.1f |%n", round, coalesced, each, oneByOne,
					coalesced / oneByOne);
		}
	}

	private Mono<Void> coalesced(int number) {
		return Mono.create((sink) -> {
			Event event = TestEvents.event(agent(number), nextId());
			PendingEvent pending = new PendingEvent(event.agent(), event.key(), event.entry(Instant.EPOCH),
					new Ended(sink));
			if (!this.writer.add(pending)) {
				sink.error(new IllegalStateException("the queue is full"));
			}
		});
	}

	private Mono<Integer> alone(int number) {
		return Mono.defer(() -> {
			EventBatch batch = TestEvents.batch(agent(number), this.tokens.getAsLong(), nextId());
			return this.node.database.log("append-events",
					(connection) -> this.store.store(connection, List.of(batch)));
		});
	}

	private static AgentId agent(int number) {
		return new AgentId("acme", "agent-" + number % AGENTS);
	}

	private String nextId() {
		return "event-" + this.made.incrementAndGet();
	}

	/** Completes when an event has its outcome. */
	private record Ended(MonoSink<Void> sink) implements PendingEvent.Listener {

		@Override
		public void stored() {
			this.sink.success();
		}

		@Override
		public void dropped() {
			this.sink.error(new IllegalStateException("the event was dropped"));
		}

	}

}
