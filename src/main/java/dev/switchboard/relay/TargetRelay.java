package dev.switchboard.relay;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import dev.switchboard.event.EventCursor;
import dev.switchboard.event.EventEntry;
import dev.switchboard.event.EventPage;
import dev.switchboard.time.Backoff;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

/**
 * The work on a relay of the whole log: reads a page, delivers it, stores the position,
 * and begins again. Thread-safe.
 */
final class TargetRelay implements RelayWork {

	private static final Logger logger = LoggerFactory.getLogger(TargetRelay.class);

	private static final int PAGE = 500;

	private static final Duration PAUSE = Duration.ofMillis(500);

	private final HeldRelay relay;

	private final RelayTarget target;

	private final RelayContext context;

	private final Backoff backoff;

	private final Disposable.Swap loop = Disposables.swap();

	private volatile @Nullable EventCursor position;

	/** The position that is stored. */
	private volatile @Nullable EventCursor stored;

	private volatile List<EventEntry> underway = List.of();

	/** Turns without events; one turn ends before the next begins. */
	private int idleTurns;

	TargetRelay(HeldRelay relay, RelayTarget target, RelayContext context) {
		this.relay = relay;
		this.target = target;
		this.context = context;
		this.backoff = new Backoff(PAUSE, Duration.ofMinutes(1), context.chance());
		this.position = relay.position();
		this.stored = relay.position();
	}

	@Override
	public void start() {
		this.loop.update(Mono.defer(this::turn)
			.retryWhen(this.backoff.whileFailing((_) -> true,
					(failure, _) -> logger.debug("Relay {} could not go on", this.relay.key(), failure)))
			.repeat()
			.subscribe());
	}

	private Mono<Void> turn() {
		if (!this.context.lease().isCurrent()) {
			return Mono.delay(PAUSE).then();
		}
		return this.context.reader()
			.page(this.relay.key(), this.position, (after) -> this.context.log().page(after, PAGE), Mono.empty())
			.flatMap((page) -> page.entries().isEmpty() ? idle(page) : deliver(page));
	}

	private Mono<Void> idle(EventPage page) {
		this.position = page.cursor(page.next());
		this.idleTurns++;
		boolean late = this.idleTurns * PAUSE.toMillis() >= this.context.idle().toMillis();
		Mono<Void> saved = late ? save() : Mono.empty();
		if (late) {
			this.idleTurns = 0;
		}
		return saved.then(Mono.defer(() -> Mono.delay(this.context.chance().around(PAUSE, 0.2)))).then();
	}

	private Mono<Void> deliver(EventPage page) {
		List<EventEntry> entries = page.entries();
		this.underway = entries;
		return Mono.defer(() -> this.target.deliver(entries))
			.retryWhen(this.backoff.whileFailing((_) -> true, this::failed))
			.then(Mono.defer(() -> {
				this.context.metrics().delivered(this.relay.key(), entries.size());
				this.underway = List.of();
				this.position = page.cursor(page.next());
				return save();
			}));
	}

	private void failed(Throwable failure, long before) {
		this.context.metrics().failed(this.relay.key(), this.underway.size());
		// The pauses grow to a minute, so there are few lines.
		logger.warn("Relay {} failed to deliver {} events for the {}. time in a row: {}", this.relay.key(),
				this.underway.size(), before + 1, failure.toString());
	}

	/** Stores the position, unless the relay has changed hands. */
	private Mono<Void> save() {
		EventCursor now = this.position;
		return (now == null || now.equals(this.stored)) ? Mono.empty()
				: this.context.database()
					.log("save-relay", (connection) -> RelayTable.save(connection, this.relay, now))
					.doOnNext((_) -> this.stored = now)
					.then();
	}

	@Override
	public void abandon() {
		this.loop.dispose();
	}

	@Override
	public Mono<Void> stop() {
		this.loop.dispose();
		return save().onErrorComplete();
	}

	@Override
	public void renewed() {
		// It looks at each turn.
	}

	@Override
	public int waiting() {
		return this.underway.size();
	}

	@Override
	public @Nullable Instant oldest() {
		List<EventEntry> entries = this.underway;
		return entries.isEmpty() ? null
				: PendingDelivery
					.of(this.relay.key(), entries.getFirst(), new EventCursor(0, entries.getFirst().position()))
					.time();
	}

}
