package dev.switchboard.event;

import java.util.List;

import dev.switchboard.database.DatabaseUnavailableException;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.time.Backoff;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * One request that follows a tenant's log. As long as it is behind, it reads pages of its
 * own. Then it takes what the tenant's feed keeps for all followers. Not thread-safe.
 */
final class EventFollower {

	private static final int LONGEST_PAGE = 1000;

	private final EventLog log;

	private final TenantFeed feed;

	private final String tenant;

	private final EventFilter filter;

	private final boolean patient;

	private final EventMetrics metrics;

	private final Backoff rereading;

	private EventCursor place;

	/** Whether the follower has caught up with the feed. */
	private boolean live;

	private boolean over;

	/**
	 * @param last the page after which the follower begins
	 * @param patient whether a follower that is too slow for the feed goes on with pages
	 * @param rereading the pauses while the database is away
	 */
	EventFollower(EventLog log, TenantFeed feed, String tenant, EventFilter filter, EventPage last, boolean patient,
			EventMetrics metrics, Backoff rereading) {
		this.log = log;
		this.feed = feed;
		this.tenant = tenant;
		this.filter = filter;
		this.patient = patient;
		this.metrics = metrics;
		this.rereading = rereading;
		this.place = last.cursor(last.next());
	}

	/**
	 * Returns the pages, each as it is requested. They end if the log is lost, or if an
	 * impatient follower is too slow for the feed. While the database is away, no page
	 * comes, and then the pages go on.
	 */
	Flux<EventPage> pages() {
		return Mono.defer(this::next).repeat(() -> !this.over);
	}

	private Mono<EventPage> next() {
		if (this.feed.isEnded()) {
			return end();
		}
		if (this.feed.reaches(this.place.position())) {
			this.live = true;
			List<EventEntry> later = this.feed.after(this.place.position());
			return later.isEmpty() ? await() : Mono.just(live(later));
		}
		if (this.live && !this.patient) {
			this.metrics.slow();
			return end();
		}
		return page().flatMap((page) -> {
			boolean stays = page.next().equals(this.place.position());
			this.place = page.cursor(page.next());
			return stays ? this.feed.awaitStart().then(Mono.empty()) : Mono.just(page);
		});
	}

	/**
	 * Reads the next page. The caller of a stream has its status already, so a failure
	 * can no longer be an answer: a log that is lost ends the stream.
	 */
	private Mono<EventPage> page() {
		return Mono.defer(() -> this.log.page(this.tenant, this.place, this.filter, LONGEST_PAGE))
			.retryWhen(this.rereading.whileFailing(DatabaseUnavailableException.class::isInstance))
			.onErrorResume(ProblemException.class, (_) -> end());
	}

	private Mono<EventPage> end() {
		this.over = true;
		return Mono.empty();
	}

	/** Waits for the feed, and returns no page: the next turn does. */
	private Mono<EventPage> await() {
		return this.feed.awaitChange(this.place.position()).then(Mono.empty());
	}

	private EventPage live(List<EventEntry> later) {
		EventPosition next = EventPosition.after(later.getLast().position().batch());
		this.place = new EventCursor(this.place.made(), next);
		return new EventPage(this.place.made(), later.stream().filter(this.filter::selects).toList(), next);
	}

}
