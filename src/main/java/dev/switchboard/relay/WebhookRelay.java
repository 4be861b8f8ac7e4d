package dev.switchboard.relay;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

import dev.switchboard.event.EventCursor;
import dev.switchboard.event.EventFilter;
import dev.switchboard.event.EventPage;
import dev.switchboard.time.Backoff;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The work on a webhook: reads its tenant's log as fast as the receiver takes the events,
 * delivers them, and stores the position. Thread-safe.
 */
final class WebhookRelay implements RelayWork, DeliveryWork {

	private static final Logger logger = LoggerFactory.getLogger(WebhookRelay.class);

	private static final int PAGE = 200;

	private final HeldRelay relay;

	private final SignedWebhook webhook;

	private final RelayContext context;

	private final WebhookSender sender;

	private final DeliveryWindow window;

	private final DeliveryJournal journal;

	private final Backoff rereading;

	private final Disposable.Composite loops = Disposables.composite();

	/** The dead letters that are tried once more at the moment. */
	private final Set<UUID> requested = ConcurrentHashMap.newKeySet();

	private final Map<UUID, Delivery> resumed = new ConcurrentHashMap<>();

	private volatile @Nullable EventCursor read;

	WebhookRelay(HeldRelay relay, SignedWebhook webhook, RelayContext context, WebhookSender sender,
			WebhookSettings settings, MemoryBudget budget) {
		this.relay = relay;
		this.webhook = webhook;
		this.context = context;
		this.sender = sender;
		this.window = new DeliveryWindow(this, settings,
				new Backoff(settings.firstRetry(), settings.longestPause(), context.chance()), budget, context.clock());
		this.journal = new DeliveryJournal(relay, context.database(), settings.maxDeadLetters(), context.chance(),
				this.window::delivered);
		this.rereading = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(10), context.chance());
		this.read = relay.position();
	}

	@Override
	public void start() {
		this.loops.add(this.journal.retrying()
			.doOnNext(this.resumed::putAll)
			.thenMany(Flux.defer(this::follow).repeatWhen((ends) -> ends.delayElements(Duration.ofMillis(500))))
			.subscribe());
	}

	/**
	 * Follows the log for some time. After a time without events it ends, so that the
	 * next time begins with a page, which shows how far the log has come.
	 */
	private Flux<Void> follow() {
		EventFilter filter = this.webhook.webhook().wish().filter();
		String tenant = this.relay.key().tenant();
		return this.context.reader()
			.page(this.relay.key(), this.read, (after) -> this.context.log().page(tenant, after, filter, PAGE),
					Mono.empty())
			.flatMapMany((first) -> this.context.log().relay(tenant, first, filter))
			.timeout(this.context.idle(), Flux.empty())
			.concatMap(this::take, 1)
			.retryWhen(this.rereading.whileFailing((_) -> true,
					(failure, _) -> logger.debug("The log could not be read for {}", this.relay.key(), failure)));
	}

	private Mono<Void> take(EventPage page) {
		EventCursor end = page.cursor(page.next());
		List<PendingDelivery> next = page.entries().stream().map((entry) -> {
			PendingDelivery delivery = PendingDelivery.of(this.relay.key(), entry, page.cursor(entry.position()));
			return delivery.resume(this.resumed.remove(delivery.id()));
		}).toList();
		this.read = end;
		this.window.add(next, end);
		progressed();
		return this.window.room();
	}

	@Override
	public boolean mayWork() {
		return this.context.lease().isCurrent();
	}

	@Override
	public Mono<WebhookAnswer> send(PendingDelivery delivery) {
		return this.sender.send(this.webhook, delivery.id(), delivery.event());
	}

	@Override
	public void delivered(PendingDelivery delivery, WebhookAnswer answer) {
		this.context.metrics().delivered(this.relay.key(), 1);
		this.journal.delivered(delivery.after(answer, DeliveryState.DELIVERED, this.context.clock().get(), null));
	}

	@Override
	public Mono<Void> retrying(PendingDelivery delivery, WebhookAnswer answer, Instant next) {
		this.context.metrics().failed(this.relay.key(), 1);
		return this.journal.retrying(delivery.after(answer, DeliveryState.RETRYING, this.context.clock().get(), next));
	}

	@Override
	public Mono<Void> dead(PendingDelivery delivery, WebhookAnswer answer) {
		this.context.metrics().failed(this.relay.key(), 1);
		this.context.metrics().deadLetter();
		return this.journal.dead(delivery.after(answer, DeliveryState.DEAD, this.context.clock().get(), null),
				delivery.event());
	}

	@Override
	public Mono<Void> gone() {
		logger.info("The receiver of webhook {} wants no more events (410), so the webhook is disabled",
				this.relay.key());
		return this.context.database()
			.log("disable-webhook", (connection) -> WebhookTable
				.disable(connection, this.relay.key(), this.webhook.version(), "the receiver answered 410 Gone")
				.flatMap((changed) -> (changed > 0) ? RelayTable.rest(connection, this.relay.key()) : Mono.just(0L)))
			.retryWhen(this.rereading.forever())
			.then();
	}

	@Override
	public void progressed() {
		this.journal.progressed();
	}

	/** Tries a dead letter once more, at the request of its tenant. */
	Mono<Void> retry(DeliveryTable.Requested dead) {
		if (dead.event() == null || !mayWork() || !this.requested.add(dead.delivery().id())) {
			return Mono.empty();
		}
		byte[] event = dead.event().toBytes();
		return this.sender.send(this.webhook, dead.delivery().id(), event)
			.flatMap((answer) -> this.journal.settled(settled(dead.delivery(), answer), event))
			.doFinally((_) -> this.requested.remove(dead.delivery().id()));
	}

	private Delivery settled(Delivery dead, WebhookAnswer answer) {
		boolean taken = answer.failure() == null;
		if (taken) {
			this.context.metrics().delivered(this.relay.key(), 1);
		}
		else {
			this.context.metrics().failed(this.relay.key(), 1);
		}
		return new Delivery(dead.id(), taken ? DeliveryState.DELIVERED : DeliveryState.DEAD, dead.attempts() + 1,
				answer.status(), answer.failure(), dead.event(), dead.firstAt(), this.context.clock().get(), null);
	}

	@Override
	public void abandon() {
		this.loops.dispose();
		this.window.stop();
		this.journal.close();
	}

	@Override
	public Mono<Void> stop() {
		abandon();
		return this.journal.flush();
	}

	@Override
	public void renewed() {
		this.window.dispatch();
	}

	@Override
	public int waiting() {
		return this.window.waiting();
	}

	@Override
	public @Nullable Instant oldest() {
		PendingDelivery first = this.window.oldest();
		return (first != null) ? first.time() : null;
	}

}
