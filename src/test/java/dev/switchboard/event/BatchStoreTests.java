package dev.switchboard.event;

import dev.switchboard.json.Envelope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import dev.switchboard.database.TestDatabase;
import dev.switchboard.directory.TestNode;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.time.Backoff;
import dev.switchboard.time.Chance;
import io.r2dbc.spi.R2dbcDataIntegrityViolationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import static dev.switchboard.directory.TestNode.get;
import static dev.switchboard.event.TestEvents.batch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@ParameterizedClass
@EnumSource
class BatchStoreTests {

	private final TestNode node;

	private final AtomicLong tokens = new AtomicLong(1000);

	private final BatchStore store;

	BatchStoreTests(TestDatabase kind) {
		this.node = new TestNode(kind.create(), Duration.ofSeconds(15));
		this.store = new BatchStore(this.node.clock, this.tokens::incrementAndGet);
	}

	@AfterEach
	void close() {
		this.node.close();
	}

	private int store(EventBatch... batches) {
		return get(this.node.database.log("test", (connection) -> this.store.store(connection, List.of(batches))));
	}

	/** Stores ids, and not the batch: as a node does that dies in between. */
	private void claim(EventBatch... batches) {
		get(this.node.database.log("test", (connection) -> EventIdTable.claim(connection, today(), List.of(batches))));
	}

	private long today() {
		return EventIdTable.dayOf(this.node.clock.now());
	}

	/** Returns the ids of the events in the log, in their order. */
	private List<String> logged() {
		return get(this.node.database.log("test",
				(connection) -> EventBatchTable.numbers(connection, 0, 1000)
					.flatMap((rows) -> EventBatchTable.contents(connection,
							rows.stream().map(EventBatchTable.Numbered::number).toList()))))
			.stream()
			.flatMap((batch) -> batch.entries().stream())
			.map((entry) -> Envelope.parse(entry.json().toBytes()).string("id"))
			.toList();
	}

	@Test
	void shouldStoreEventsInTheirOrder() {
		assertThat(store(batch(1, "c", "a", "b"), batch(new AgentId("other", "laptop"), 2, "a"))).isZero();
		assertThat(logged()).containsExactly("c", "a", "b", "a");
	}

	@Test
	void shouldNotLogARepeatAgain() {
		store(batch(1, "a", "b"));
		assertThat(store(batch(2, "b", "c", "a"))).isEqualTo(2);
		assertThat(store(batch(3, "a"))).isEqualTo(1);
		assertThat(logged()).containsExactly("a", "b", "c");
	}

	/** nats-server 2921: an id of another agent is another id. */
	@Test
	void shouldTellTheIdsOfAgentsApart() {
		store(batch(1, "a"), batch(new AgentId("acme", "laptop2"), 2, "a"),
				batch(new AgentId("acme2", "laptop"), 3, "a"));
		assertThat(logged()).containsExactly("a", "a", "a");
	}

	@Test
	void shouldKnowARepeatOfYesterday() {
		get(this.node.database.log("test",
				(connection) -> this.node.clock.learned(connection)
					.then(EventIdTable.claim(connection, today() - 1, List.of(batch(1, "a", "b"))))
					.then(EventBatchTable.insert(connection, List.of(batch(1, "a", "b"))))
					.thenReturn(true)));
		assertThat(store(batch(2, "a", "c"))).isEqualTo(1);
		assertThat(logged()).containsExactly("a", "b", "c");
	}

	@Test
	void shouldFindThatAnEarlierAttemptWhoseAnswerWasLostHasSucceeded() {
		EventBatch batch = batch(1, "a", "b");
		store(batch);
		assertThat(store(batch)).isZero();
		assertThat(logged()).containsExactly("a", "b");
	}

	@Test
	void shouldLogTheEventOfANodeThatDiedBeforeItStoredTheBatch() {
		claim(batch(1, "a", "b"));
		assertThat(store(batch(2, "b"))).isZero();
		assertThat(logged()).containsExactly("b");
	}

	@Test
	void shouldLogOnceIfTheOtherNodeWasOnlySlow() {
		EventBatch slow = batch(1, "a", "b");
		claim(slow);
		store(batch(2, "b"));
		assertThat(store(slow)).isEqualTo(1);
		assertThat(logged()).containsExactly("b", "a");
	}

	@Test
	void shouldMakeTheStatementOfASlowNodeFailOnceItsEventHasChangedHands() {
		EventBatch slow = batch(1, "a");
		claim(slow);
		store(batch(2, "a"));
		assertThatThrownBy(() -> get(this.node.database.log("test",
				(connection) -> EventBatchTable.insert(connection, List.of(slow)).thenReturn(true))))
			.hasCauseInstanceOf(R2dbcDataIntegrityViolationException.class);
		assertThat(logged()).containsExactly("a");
	}

	@Test
	void shouldStoreAgainUnderANewNumberIfItsNumberWasSealed() {
		get(this.node.database.log("test",
				(connection) -> EventBatchTable.sealNumbers(connection, 1, 3, this.tokens::incrementAndGet)));
		store(batch(1, "a"));
		assertThat(logged()).containsExactly("a");
	}

	@Test
	void shouldLogEachEventOnceWhenNodesStoreTheSameAtTheSameTime() {
		Mono<Integer> one = this.node.database.log("test",
				(connection) -> this.store.store(connection, List.of(batch(1, "a", "b", "c", "d"))));
		Mono<Integer> two = this.node.database.log("test",
				(connection) -> this.store.store(connection, List.of(batch(2, "d", "c", "x", "a"))));
		Mono<Integer> three = this.node.database.log("test",
				(connection) -> this.store.store(connection, List.of(batch(3, "x", "b"))));
		get(Flux.merge(one, two, three).collectList());
		assertThat(logged()).containsExactlyInAnyOrder("a", "b", "c", "d", "x");
	}

	/** All ids of a batch have changed hands while it looked on. */
	@Test
	void shouldLogOnceWhenManyNodesStoreTheSameEvents() {
		List<Mono<Integer>> nodes = new ArrayList<>();
		for (int i = 1; i <= 8; i++) {
			EventBatch batch = batch(i, "a", "b");
			nodes.add(this.node.database.log("test", (connection) -> this.store.store(connection, List.of(batch)))
				.retryWhen(new Backoff(Duration.ofMillis(10), Duration.ofMillis(100), Chance.SYSTEM).forever()));
		}
		assertThat(get(Flux.merge(nodes).reduce(0, Integer::sum))).isEqualTo(14);
		assertThat(logged()).containsExactlyInAnyOrder("a", "b");
	}

	@Test
	void shouldForgetIdsTwoDaysLater() {
		claim(batch(1, "a"));
		get(this.node.database.log("test",
				(connection) -> EventIdTable.forget(connection, today() - 1).thenReturn(true)));
		boolean old = get(
				this.node.database.log("test", (connection) -> EventIdTable.hasOldIds(connection, today() - 1)));
		assertThat(old).isFalse();
	}

}
