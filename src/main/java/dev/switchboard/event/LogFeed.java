package dev.switchboard.event;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;

import dev.switchboard.database.Database;
import dev.switchboard.event.EventBatchTable.Content;
import dev.switchboard.event.EventBatchTable.Numbered;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Reads the new batches of the log once for all followers on this node. Reads nothing
 * while there are no followers. Thread-safe.
 */
final class LogFeed {

	private static final Logger logger = LoggerFactory.getLogger(LogFeed.class);

	private static final Duration PERIOD = Duration.ofMillis(200);

	private static final int STEP = 200;

	/** How many bytes of new batches are kept for followers that are a little slower. */
	private static final long MOST_KEPT = 32L * 1024 * 1024;

	private static final LogState NOWHERE = new LogState(-1, 0, 0);

	private final LogTail tail;

	private final Database database;

	private final Map<String, TenantFeed> feeds = new HashMap<>();

	private final Queue<Kept> kept = new ArrayDeque<>();

	private long keptBytes;

	private int followers;

	private boolean reading;

	/** How far the feeds have come. */
	private LogState reached = NOWHERE;

	private volatile Sinks.Empty<Void> wake = Sinks.empty();

	/** A batch that a feed keeps. */
	private record Kept(TenantFeed feed, int bytes) {
	}

	LogFeed(LogTail tail, Database database) {
		this.tail = tail;
		this.database = database;
	}

	/** Begins to follow a tenant's log. The caller leaves the feed in the end. */
	TenantFeed join(String tenant) {
		boolean first;
		TenantFeed feed;
		synchronized (this) {
			feed = this.feeds.computeIfAbsent(tenant, (_) -> new TenantFeed());
			feed.join();
			this.followers++;
			first = !this.reading;
			this.reading = true;
		}
		if (first) {
			read();
		}
		return feed;
	}

	synchronized void leave(String tenant, TenantFeed feed) {
		this.followers--;
		if (feed.leave()) {
			this.feeds.remove(tenant, feed);
		}
	}

	synchronized int followers() {
		return this.followers;
	}

	synchronized long keptBytes() {
		return this.keptBytes;
	}

	/** Looks at once: this node has stored a batch. */
	void wake() {
		Sinks.Empty<Void> sleeping = this.wake;
		this.wake = Sinks.empty();
		sleeping.tryEmitEmpty();
	}

	private void read() {
		Mono.defer(this::look)
			.doOnError((failure) -> logger.debug("The event log could not be read", failure))
			.onErrorComplete()
			.then(Mono.defer(() -> Mono.firstWithSignal(Mono.delay(PERIOD).then(), this.wake.asMono())))
			.repeat(this::goesOn)
			.subscribe();
	}

	private synchronized boolean goesOn() {
		if (this.feeds.isEmpty()) {
			this.reading = false;
			this.reached = NOWHERE;
			this.kept.clear();
			this.keptBytes = 0;
		}
		return this.reading;
	}

	private Mono<Void> look() {
		return this.tail.advance().flatMap((now) -> {
			LogState from = begin(now);
			return Mono.just(from)
				.expand((done) -> (done.complete() < now.complete()) ? readOn(done, now.complete()) : Mono.empty())
				.then();
		});
	}

	/** Begins anew if the log is another one, or if this is the first look. */
	private synchronized LogState begin(LogState now) {
		if (this.reached.made() != now.made()) {
			boolean lost = this.reached.made() >= 0;
			this.reached = now;
			this.kept.clear();
			this.keptBytes = 0;
			this.feeds.values().forEach((feed) -> {
				if (lost) {
					feed.end();
				}
				feed.restart(now.complete());
			});
		}
		return this.reached;
	}

	private Mono<LogState> readOn(LogState from, long last) {
		Map<String, TenantFeed> followed = followed();
		return this.database.log("follow-events",
				(connection) -> EventBatchTable.numbers(connection, from.complete(), STEP).flatMap((rows) -> {
					List<Numbered> complete = rows.stream().filter((row) -> row.number() <= last).toList();
					List<Numbered> wanted = complete.stream()
						.filter((row) -> followed.containsKey(row.tenant()))
						.toList();
					List<Long> numbers = Numbered.readable(wanted);
					long upTo = (numbers.size() < wanted.size()) ? numbers.getLast()
							: complete.isEmpty() ? last : complete.getLast().number();
					Mono<List<Content>> contents = numbers.isEmpty() ? Mono.just(List.of())
							: EventBatchTable.contents(connection, numbers);
					return contents.map((batches) -> deliver(batches, followed, upTo));
				}));
	}

	private synchronized Map<String, TenantFeed> followed() {
		return Map.copyOf(this.feeds);
	}

	private synchronized LogState deliver(List<Content> batches, Map<String, TenantFeed> followed, long upTo) {
		for (Content batch : batches) {
			TenantFeed feed = this.feeds.get(batch.tenant());
			if (feed != null && feed == followed.get(batch.tenant())) {
				feed.add(batch.number(), batch.entries());
				this.kept.add(new Kept(feed, batch.bytes()));
				this.keptBytes += batch.bytes();
			}
		}
		while (this.keptBytes > MOST_KEPT) {
			Kept oldest = this.kept.remove();
			this.keptBytes -= oldest.bytes();
			oldest.feed().evict();
		}
		// What came before these feeds began is not in them.
		this.feeds.forEach((tenant, feed) -> {
			if (feed != followed.get(tenant)) {
				feed.restart(upTo);
			}
		});
		this.reached = new LogState(this.reached.made(), upTo, this.reached.deleted());
		return this.reached;
	}

}
