package dev.switchboard.event;

import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.reactivestreams.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

import dev.switchboard.database.MortalConnections;
import dev.switchboard.database.Sql;
import dev.switchboard.database.TestDatabase;
import dev.switchboard.directory.TestNode;
import dev.switchboard.json.Envelope;
import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.time.Chance;
import dev.switchboard.time.TimeSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;

import static dev.switchboard.directory.TestNode.get;
import static dev.switchboard.event.TestEvents.ALL;
import static dev.switchboard.event.TestEvents.batch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

@ParameterizedClass
@EnumSource
class EventLogTests {

	private final MortalConnections connections;

	private final TestNode node;

	private final AtomicLong tokens = new AtomicLong(1000);

	private final EventMetrics metrics;

	private final LogFeed feed;

	private final EventLog log;

	private final Queue<String> followed = new ConcurrentLinkedQueue<>();

	EventLogTests(TestDatabase kind) {
		this.connections = new MortalConnections(kind.create());
		this.node = new TestNode(this.connections, Duration.ofSeconds(15));
		this.metrics = new EventMetrics(this.node.meters);
		LogTail tail = new LogTail(this.node.database, this.metrics, TimeSource.SYSTEM, this.tokens::incrementAndGet);
		this.feed = new LogFeed(tail, this.node.database);
		this.log = new EventLog(this.node.database, tail, this.feed, this.metrics, 2, Chance.SYSTEM);
	}

	@AfterEach
	void close() {
		this.node.close();
	}

	private void store(String... ids) {
		store(TestEvents.LAPTOP, ids);
	}

	private void store(AgentId agent, String... ids) {
		get(this.node.database.log("test",
				(connection) -> EventBatchTable
					.insert(connection, List.of(batch(agent, this.tokens.incrementAndGet(), ids)))
					.thenReturn(true)));
	}

	/** Stores a batch under a certain number. */
	private void storeAt(long number, String id) {
		store(id);
		get(this.node.database.log("test", (connection) -> Sql.update(connection,
				"UPDATE event_batches SET number = ? WHERE token = ?", number, this.tokens.get())));
	}

	private EventPage page(@Nullable EventCursor after, int limit) {
		return get(this.log.page("acme", after, ALL, limit));
	}

	private static List<String> ids(EventPage page) {
		return page.entries().stream().map((entry) -> Envelope.parse(entry.json().toBytes()).string("id")).toList();
	}

	private static EventCursor next(EventPage page) {
		return page.cursor(page.next());
	}

	private List<String> all() {
		return ids(page(null, 1000));
	}

	private Disposable follow(EventPage first) {
		return this.log.follow("acme", first, ALL).subscribe((page) -> this.followed.addAll(ids(page)));
	}

	@Test
	void shouldGivePagesThatFollowOneAnother() {
		store("a", "b", "c");
		store(new AgentId("other", "laptop"), "x");
		store("d");
		EventPage first = page(null, 2);
		EventPage second = page(next(first), 2);
		EventPage third = page(next(second), 2);
		assertThat(List.of(ids(first), ids(second), ids(third))).containsExactly(List.of("a", "b"), List.of("c", "d"),
				List.of());
		store("e");
		assertThat(ids(page(next(third), 2))).containsExactly("e");
		assertThat(ids(page(next(second), 2))).containsExactly("e");
	}

	@Test
	void shouldGetOnHoweverShortThePagesAre() {
		store("a", "b");
		store("c");
		store(new AgentId("other", "laptop"), "x");
		store("d");
		List<String> seen = new ArrayList<>();
		EventPage page = page(null, 1);
		for (int i = 0; i < 8; i++) {
			seen.addAll(ids(page));
			page = page(next(page), 1);
		}
		assertThat(seen).containsExactly("a", "b", "c", "d");
		assertThat(ids(page)).isEmpty();
	}

	@Test
	void shouldBeginAfterAnyEntry() {
		store("a", "b", "c");
		store("d");
		EventPage page = page(null, 1000);
		for (int i = 0; i < 4; i++) {
			assertThat(ids(page(page.cursor(page.entries().get(i).position()), 1000)))
				.isEqualTo(List.of("a", "b", "c", "d").subList(i + 1, 4));
		}
	}

	@Test
	void shouldBeginAtTheEnd() {
		store("a");
		EventCursor end = get(this.log.end());
		store("b");
		assertThat(ids(page(end, 10))).containsExactly("b");
	}

	@Test
	void shouldSelectByAgentTypeAndSubject() {
		store(new AgentId("acme", "a"), "1");
		store(new AgentId("acme", "b"), "2");
		assertThat(select(EventFilter.of(Set.of(), Set.of(), Set.of(new AgentId("acme", "b"))))).containsExactly("2");
		assertThat(select(EventFilter.of(Set.of("switchboard.event"), Set.of("job/done", "x"), Set.of())))
			.containsExactly("1", "2");
		assertThat(select(EventFilter.of(Set.of("other"), Set.of(), Set.of()))).isEmpty();
		assertThat(select(EventFilter.of(Set.of(), Set.of("job"), Set.of()))).isEmpty();
	}

	private List<String> select(EventFilter filter) {
		return ids(get(this.log.page("acme", null, filter, 100)));
	}

	/**
	 * prooph/pdo-event-store 189, commanded/eventstore 3: a number is drawn before its
	 * row can be seen. Readers must not skip it.
	 */
	@Test
	void shouldWaitForANumberThatComesLate() {
		storeAt(1, "a");
		storeAt(3, "c");
		EventPage page = page(null, 10);
		assertThat(ids(page)).containsExactly("a");
		storeAt(2, "b");
		assertThat(ids(page(next(page), 10))).containsExactly("b", "c");
	}

	/**
	 * Eventuous 222, NEventStore 425: a number that never comes must not stop the
	 * readers, and no clock of another machine decides when it is given up.
	 */
	@Test
	void shouldGiveUpANumberThatDoesNotCome() {
		storeAt(1, "a");
		storeAt(3000, "c");
		await().until(() -> all().equals(List.of("a", "c")));
		assertThatThrownBy(() -> storeAt(2, "b")).isInstanceOf(RuntimeException.class);
		assertThat(this.node.meters.counter("switchboard.events.sealed").count()).isEqualTo(2998);
	}

	@Test
	void shouldFollowTheLog() {
		store("a");
		Disposable reader = follow(page(null, 10));
		await().until(() -> this.followed.size() == 1);
		store("b");
		store(new AgentId("other", "laptop"), "x");
		store("c", "d");
		await().untilAsserted(() -> assertThat(this.followed).containsExactly("a", "b", "c", "d"));
		reader.dispose();
		await().until(() -> this.feed.followers() == 0);
	}

	/** A cursor may be within a batch that the feed of other followers keeps. */
	@Test
	void shouldFollowFromWithinABatch() {
		store("a");
		Disposable other = follow(page(null, 10));
		await().until(() -> this.followed.size() == 1);
		store("b", "c", "d");
		await().until(() -> this.followed.size() == 4);
		this.followed.clear();
		Disposable reader = follow(page(null, 2));
		await().untilAsserted(() -> assertThat(this.followed).containsExactly("a", "b", "c", "d"));
		store("e");
		await().untilAsserted(() -> assertThat(this.followed).containsExactly("a", "b", "c", "d", "e", "e"));
		reader.dispose();
		other.dispose();
	}

	/**
	 * The answer's status is sent by then, so that a failure would cut the answer off.
	 */
	@Test
	void shouldGoOnAfterTheDatabaseWasAway() {
		store("a", "b");
		EventPage first = page(null, 1);
		this.connections.die();
		Disposable reader = follow(first);
		await().until(() -> this.connections.refused() > 1);
		this.connections.revive();
		await().untilAsserted(() -> assertThat(this.followed).containsExactly("a", "b"));
		reader.dispose();
	}

	/** The log may be lost while a reader is behind. Its answer then ends as a whole. */
	@Test
	void shouldEndTheStreamOfAReaderThatIsBehindWhenTheLogIsLost() {
		store("a", "b");
		EventPage first = page(null, 1);
		get(this.node.database.log("test",
				(connection) -> Sql.update(connection, "UPDATE event_log SET made = made + 1")));
		List<EventPage> pages = this.log.follow("acme", first, ALL).collectList().block(TestNode.LIMIT);
		assertThat(pages).containsExactly(first);
	}

	@Test
	void shouldReadOnceForManyFollowers() {
		store("a");
		EventPage page = page(null, 10);
		Disposable one = follow(page);
		Disposable two = follow(page);
		await().until(() -> this.followed.size() == 2);
		store("b");
		await().untilAsserted(() -> assertThat(this.followed).containsExactlyInAnyOrder("a", "a", "b", "b"));
		double read = this.node.statements("read-events");
		for (int i = 0; i < 10; i++) {
			store("c" + i);
		}
		await().until(() -> this.followed.size() == 24);
		assertThat(this.node.statements("read-events")).isEqualTo(read);
		one.dispose();
		two.dispose();
	}

	@Test
	void shouldRefuseMoreFollowersThanAllowed() {
		EventPage page = page(null, 10);
		Disposable one = follow(page);
		Disposable two = follow(page);
		assertThatThrownBy(() -> this.log.follow("acme", page, ALL)).isInstanceOfSatisfying(ProblemException.class,
				(ex) -> assertThat(ex.problem()).isEqualTo(Problem.TOO_MANY_REQUESTS));
		one.dispose();
		await().until(() -> this.feed.followers() == 1);
		follow(page).dispose();
		two.dispose();
	}

	/**
	 * opencode 31923: events are not queued for a reader that does not read. It reads on
	 * where it was.
	 */
	@Test
	void shouldKeepNothingForAReaderThatDoesNotRead() {
		store("a");
		EventPage first = page(null, 10);
		BaseSubscriber<EventPage> slow = new BaseSubscriber<>() {

			@Override
			protected void hookOnSubscribe(Subscription subscription) {
				subscription.request(1);
			}

			@Override
			protected void hookOnNext(EventPage page) {
				EventLogTests.this.followed.addAll(ids(page));
			}

		};
		this.log.follow("acme", first, ALL).subscribe(slow);
		assertThat(this.followed).containsExactly("a");
		store("b");
		store("c");
		assertThat(this.followed).containsExactly("a");
		slow.requestUnbounded();
		await().untilAsserted(() -> assertThat(this.followed).containsExactly("a", "b", "c"));
		slow.cancel();
	}

	@Test
	void shouldSayThatTheLogDoesNotGoBackAsFarAsTheCursor() {
		store("a");
		EventPage old = page(null, 10);
		store("b");
		get(this.node.database.log("test",
				(connection) -> new OldEvents(Duration.ofMillis(0), this.node.clock).run(connection, 100)));
		assertExpired(old.cursor(old.entries().getFirst().position()));
		assertThat(all()).isEmpty();
		store("c");
		assertThat(all()).containsExactly("c");
	}

	@Test
	void shouldSayThatTheLogIsNotTheOneOfTheCursor() {
		store("a");
		EventCursor next = next(page(null, 10));
		assertExpired(new EventCursor(next.made() + 1, next.position()));
		assertExpired(new EventCursor(next.made(), new EventPosition(next.position().batch() + 100, 1)));
	}

	private void assertExpired(EventCursor cursor) {
		assertThatThrownBy(() -> page(cursor, 10)).isInstanceOfSatisfying(ProblemException.class,
				(ex) -> assertThat(ex.problem()).isEqualTo(Problem.CURSOR_EXPIRED));
	}

	@Test
	void shouldEndTheStreamsWhenTheLogIsLost() {
		store("a");
		List<String> ended = new CopyOnWriteArrayList<>();
		this.log.follow("acme", page(null, 10), ALL)
			.subscribe((page) -> this.followed.addAll(ids(page)), null, () -> ended.add("completed"));
		store("b");
		await().until(() -> this.followed.contains("b"));
		get(this.node.database.log("test",
				(connection) -> Sql.update(connection, "UPDATE event_log SET made = made + 1")));
		await().until(() -> ended.equals(List.of("completed")));
	}

	@Test
	void shouldDeleteOldBatchesOnly() {
		store("a");
		store("b");
		long deleted = get(this.node.database.log("test",
				(connection) -> new OldEvents(Duration.ofHours(1), this.node.clock).run(connection, 100)));
		assertThat(deleted).isZero();
		assertThat(all()).containsExactly("a", "b");
	}

}
