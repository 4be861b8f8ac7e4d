package dev.switchboard.event;

import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

import dev.switchboard.database.Database;
import dev.switchboard.event.EventBatchTable.Numbered;
import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.time.Backoff;
import dev.switchboard.time.Chance;
import io.r2dbc.spi.Connection;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Reads the event log. Thread-safe. Results may come on threads of the database driver,
 * which must not be blocked.
 */
public final class EventLog {

	/** The most batches that one page looks at. */
	private static final int MOST_BATCHES = 500;

	private final Database database;

	private final LogTail tail;

	private final LogFeed feed;

	private final EventMetrics metrics;

	private final int maxStreams;

	private final Backoff rereading;

	/**
	 * @param maxStreams how many requests may follow the log at a time
	 */
	EventLog(Database database, LogTail tail, LogFeed feed, EventMetrics metrics, int maxStreams, Chance chance) {
		this.database = database;
		this.tail = tail;
		this.feed = feed;
		this.metrics = metrics;
		this.maxStreams = maxStreams;
		this.rereading = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5), chance);
	}

	/** Returns the place after all entries. */
	public Mono<EventCursor> end() {
		return this.tail.advance().map((log) -> new EventCursor(log.made(), EventPosition.after(log.complete())));
	}

	/**
	 * Reads a page of a tenant's log.
	 * @param after the place after which the page begins; null for the beginning
	 * @param limit the most entries; a page may have fewer though more follow
	 * @return the page; an error of {@link ProblemException} if the cursor is older than
	 * the log
	 */
	public Mono<EventPage> page(String tenant, @Nullable EventCursor after, EventFilter filter, int limit) {
		return this.tail.advance().flatMap((log) -> {
			EventPosition from = start(log, after);
			return this.database.log("read-events", (connection) -> read(connection, tenant, log, from, filter, limit));
		});
	}

	private static EventPosition start(LogState log, @Nullable EventCursor after) {
		if (after == null) {
			return EventPosition.BEGINNING;
		}
		if (after.made() != log.made() || !log.holds(after.position())) {
			throw new ProblemException(Problem.CURSOR_EXPIRED, "The log does not go back as far as the cursor");
		}
		return after.position();
	}

	private static Mono<EventPage> read(Connection connection, String tenant, LogState log, EventPosition from,
			EventFilter filter, int limit) {
		int batches = Math.min(limit, MOST_BATCHES);
		return EventBatchTable.numbers(connection, tenant, from.lastBefore(), log.complete(), batches)
			.flatMap((rows) -> read(connection, log, from, filter, rows, batches, limit));
	}

	/**
	 * Reads the batches that have these numbers.
	 * @param batches how many numbers were asked for
	 */
	private static Mono<EventPage> read(Connection connection, LogState log, EventPosition from, EventFilter filter,
			List<Numbered> rows, int batches, int limit) {
		List<Long> numbers = Numbered.readable(rows);
		if (numbers.isEmpty()) {
			return Mono.just(new EventPage(log.made(), List.of(), EventPosition.after(log.complete())));
		}
		boolean all = numbers.size() == rows.size() && rows.size() < batches;
		EventPosition end = EventPosition.after(all ? log.complete() : numbers.getLast());
		return EventBatchTable.contents(connection, numbers)
			.map((found) -> EventPage.of(log.made(), found, from, end, filter, limit));
	}

	/**
	 * Follows a tenant's log: gives a page, all later entries, and then each entry as it
	 * comes. Reads on only as the subscriber requests. While the database is away, gives
	 * nothing, and then goes on. Completes if the subscriber is so slow that it has lost
	 * touch, or if the log is lost.
	 * @param first the page to begin with
	 * @return pages, some of which may have no entries
	 * @throws ProblemException if too many follow the log on this node already
	 */
	public Flux<EventPage> follow(String tenant, EventPage first, EventFilter filter) {
		if (this.feed.followers() >= this.maxStreams) {
			throw new ProblemException(Problem.TOO_MANY_REQUESTS,
					"This node serves as many streams of events as switchboard.events.max-streams allows");
		}
		return follow(tenant, first, filter, false);
	}

	/**
	 * Follows a tenant's log as {@link #follow(String, EventPage, EventFilter)} does, for
	 * a subscriber of this node itself. It may be as slow as it likes, and no limit on
	 * streams holds for it. Completes if the log is lost.
	 */
	public Flux<EventPage> relay(String tenant, EventPage first, EventFilter filter) {
		return follow(tenant, first, filter, true);
	}

	private Flux<EventPage> follow(String tenant, EventPage first, EventFilter filter, boolean patient) {
		return Flux.just(first)
			.concatWith(Flux.using(
					() -> this.feed.join(tenant), (shared) -> new EventFollower(this, shared, tenant, filter, first,
							patient, this.metrics, this.rereading)
						.pages(),
					(shared) -> this.feed.leave(tenant, shared)));
	}

	/**
	 * Reads a page of the log of all tenants.
	 * @param after the place after which the page begins; null for the beginning
	 * @param limit the most entries; a page may have fewer though more follow
	 * @return the page; an error of {@link ProblemException} if the cursor is older than
	 * the log
	 */
	public Mono<EventPage> page(@Nullable EventCursor after, int limit) {
		return this.tail.advance().flatMap((log) -> {
			EventPosition from = start(log, after);
			int batches = Math.min(limit, MOST_BATCHES);
			return this.database.log("read-events",
					(connection) -> EventBatchTable.numbers(connection, from.lastBefore(), batches)
						.map((rows) -> rows.stream().filter((row) -> row.number() <= log.complete()).toList())
						.flatMap((rows) -> read(connection, log, from, EventFilter.ALL, rows, batches, limit)));
		});
	}

}
