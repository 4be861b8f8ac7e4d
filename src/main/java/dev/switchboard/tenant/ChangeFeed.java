package dev.switchboard.tenant;

import java.time.Duration;

import dev.switchboard.time.Backoff;
import dev.switchboard.time.Chance;
import dev.switchboard.time.LogLimit;
import dev.switchboard.time.Periodic;
import dev.switchboard.time.TimeSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

/**
 * Keeps this node's knowledge up to date. About once a second, it reads the number of the
 * last change, and if that has risen, the changes. While the directory is away, what this
 * node knows stays in force. Thread-safe.
 */
final class ChangeFeed {

	private static final Logger logger = LoggerFactory.getLogger(ChangeFeed.class);

	private static final Duration PERIOD = Duration.ofSeconds(1);

	private static final Duration LOG_PAUSE = Duration.ofMinutes(1);

	/**
	 * A node that has read nothing for this long reads everything, because the rows of
	 * revocations that were taken back may be deleted. It is less than
	 * {@link RevocationTable#KEPT}.
	 */
	private static final Duration LONG_AWAY = Duration.ofDays(1);

	private final ChangeReader reader;

	private final TenantMetrics metrics;

	private final Duration startWait;

	private final TimeSource time;

	private final LogLimit logLimit;

	private final Backoff firstTries;

	private final Periodic readings;

	private final Disposable.Composite starting = Disposables.composite();

	private final long startedNanos;

	private volatile ChangeTable.State known = ChangeTable.State.UNREAD;

	private volatile long readNanos;

	ChangeFeed(ChangeReader reader, TenantMetrics metrics, Duration startWait, TimeSource time, Chance chance) {
		this.reader = reader;
		this.metrics = metrics;
		this.startWait = startWait;
		this.time = time;
		this.logLimit = new LogLimit(LOG_PAUSE, time);
		this.firstTries = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(1), chance);
		this.readings = new Periodic(() -> chance.around(PERIOD, 0.1), this::read, (_) -> {
			// failed() has told of it.
		});
		this.startedNanos = time.nanoTime();
		this.readNanos = this.startedNanos;
		metrics.age(this::age);
	}

	/**
	 * Reads everything as soon as the directory answers, and then the changes. Called
	 * once.
	 */
	void start() {
		this.starting.add(read().retryWhen(this.firstTries.forever()).subscribe(null, null, this.readings::start));
		this.starting.add(Mono.delay(this.startWait).subscribe((_) -> {
			if (!hasRead()) {
				logger.warn("This node takes agents although it does not know yet who is revoked, since the directory"
						+ " has not answered for {} s", this.startWait.toSeconds());
			}
		}));
	}

	void stop() {
		this.starting.dispose();
		this.readings.dispose();
	}

	/**
	 * Whether the node is to take no agents yet: it has just started, and does not know
	 * who is revoked.
	 */
	boolean isStarting() {
		return !hasRead() && this.time.nanoTime() - this.startedNanos < this.startWait.toNanos();
	}

	private boolean hasRead() {
		return !this.known.equals(ChangeTable.State.UNREAD);
	}

	/** Returns how old the knowledge is, in seconds. */
	private double age() {
		return (this.time.nanoTime() - this.readNanos) / 1e9;
	}

	/** Reads what has changed since the last reading. */
	Mono<Void> read() {
		return Mono.defer(() -> {
			long began = this.time.nanoTime();
			return this.reader.state().flatMap((state) -> catchUp(state).then(Mono.fromRunnable(() -> {
				this.known = state;
				this.readNanos = began;
				this.metrics.read();
			}))).doOnError(this::failed).then();
		});
	}

	private Mono<Void> catchUp(ChangeTable.State state) {
		ChangeTable.State last = this.known;
		if (state.made() != last.made() || state.number() < last.number()
				|| this.time.nanoTime() - this.readNanos > LONG_AWAY.toNanos()) {
			return this.reader.readAll();
		}
		return (state.number() > last.number()) ? this.reader.readAfter(last.number()) : Mono.empty();
	}

	private void failed(Throwable failure) {
		this.metrics.failed();
		this.logLimit.tryLog()
			.ifPresent((heldBack) -> logger
				.warn("Revocations and settings of tenants not read, so changes are not known here yet: {}"
						+ " (further times since the last such line: {})", failure.getMessage(), heldBack));
	}

}
