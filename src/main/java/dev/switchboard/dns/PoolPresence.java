package dev.switchboard.dns;

import java.time.Duration;
import java.util.function.BooleanSupplier;

import dev.switchboard.node.RegistrationListener;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.time.Backoff;
import dev.switchboard.time.Chance;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationListener;
import org.springframework.context.SmartLifecycle;

/**
 * Keeps this node in the pool's name in DNS while the node accepts traffic, and out of it
 * otherwise. So the node goes out when a drain begins or the process ends, and comes back
 * when an operator takes the drain back. A failure is logged and tried again, and has no
 * other effect on the node. Thread-safe; no method blocks.
 */
public final class PoolPresence
		implements SmartLifecycle, ApplicationListener<AvailabilityChangeEvent<ReadinessState>>, RegistrationListener {

	private static final Logger logger = LoggerFactory.getLogger(PoolPresence.class);

	/** How long a stop waits until the node is out of DNS. */
	private static final Duration LEAVE_LIMIT = Duration.ofSeconds(5);

	private static final double SPREAD = 0.3;

	private final NodeId self;

	private final PoolName pool;

	private final PoolUpkeep upkeep;

	private final BooleanSupplier registered;

	private final Duration interval;

	private final Chance chance;

	private final DnsMetrics metrics;

	private final Backoff backoff;

	private final Disposable.Swap loop = Disposables.swap();

	/** Completes when the next turn must come at once. Each turn makes a new signal. */
	private volatile Sinks.Empty<Void> wake = Sinks.empty();

	/** Whether the node belongs in the pool. */
	private volatile boolean wanted;

	/** Completes when the node has left the pool; null while the node is out of it. */
	private volatile Sinks.@Nullable Empty<Void> out;

	private volatile boolean running;

	private long failures;

	private String logged = "";

	/**
	 * @param registered whether the directory lists this node; before that, the node does
	 * not enter the pool
	 * @param interval the average time between two checks of the pool; all nodes share
	 * the checks
	 */
	PoolPresence(NodeId self, PoolName pool, PoolUpkeep upkeep, BooleanSupplier registered, Duration interval,
			Chance chance, DnsMetrics metrics) {
		this.self = self;
		this.pool = pool;
		this.upkeep = upkeep;
		this.registered = registered;
		this.interval = interval;
		this.chance = chance;
		this.metrics = metrics;
		Duration longest = Duration.ofMinutes(1);
		this.backoff = new Backoff(Duration.ofMillis(500), longest, chance);
	}

	@Override
	public void onApplicationEvent(AvailabilityChangeEvent<ReadinessState> event) {
		want(event.getState() == ReadinessState.ACCEPTING_TRAFFIC);
	}

	/** Called when this node has registered again. Others may have removed its entry. */
	@Override
	public void registeredAnew() {
		this.wake.tryEmitEmpty();
	}

	private void want(boolean in) {
		if (this.wanted != in) {
			this.wanted = in;
			this.wake.tryEmitEmpty();
		}
	}

	@Override
	public void start() {
		this.running = true;
		this.loop.update(Mono.defer(this::turn).repeat(() -> this.running).subscribe());
	}

	/**
	 * Returns one turn and the pause after it. The turn makes its {@link #wake} signal
	 * before it reads {@link #wanted}. So a later change of {@code wanted} makes the next
	 * turn come at once.
	 */
	private Mono<Void> turn() {
		Sinks.Empty<Void> woken = Sinks.empty();
		this.wake = woken;
		if (this.wanted && this.out == null) {
			this.out = Sinks.empty();
		}
		boolean in = this.wanted;
		return Mono.defer(() -> work(in, woken.asMono()))
			.thenReturn(this.interval)
			.map((pause) -> this.chance.around(pause.multipliedBy(this.upkeep.alive()), SPREAD))
			.doOnNext((_) -> this.failures = 0)
			.onErrorResume((failure) -> Mono.just(failed(failure)))
			.flatMap((pause) -> Mono.firstWithSignal(Mono.delay(pause).then(), woken.asMono()));
	}

	/**
	 * Makes the pool as it should be, and waits until clients of DNS see the change, or
	 * until the next turn must come.
	 */
	private Mono<Void> work(boolean in, Mono<Void> woken) {
		Sinks.Empty<Void> end = this.out;
		if (end == null) {
			return Mono.empty(); // The node is out of the pool.
		}
		if (in && !this.registered.getAsBoolean()) {
			return Mono.error(DnsException.contended("the directory does not list this node yet"));
		}
		Mono<Void> settled = Mono.defer(() -> Mono.firstWithSignal(this.upkeep.settled(), woken));
		return this.upkeep.run(in).delayUntil((_) -> settled).doOnNext((change) -> report(in, change)).doOnNext((_) -> {
			if (!in) {
				this.out = null;
				end.tryEmitEmpty();
			}
		}).then();
	}

	private void report(boolean in, PoolChange change) {
		this.metrics.present(in);
		this.logged = "";
		change.added().forEach((entry) -> logger.info("This node is in {}, with {}", this.pool, entry.addressText()));
		change.removed().forEach((entry) -> {
			if (!entry.node().equals(this.self)) {
				this.metrics.removed(1);
				logger.warn("Removed from {} what node {} had left there: {}", this.pool, entry.node(),
						entry.addressText());
			}
			else if (!in) {
				logger.info("This node is out of {}", this.pool);
			}
		});
	}

	/** Counts and logs a failure, and returns the pause before the next try. */
	private Duration failed(Throwable failure) {
		Duration pause = this.backoff.pause(this.failures++);
		if (!(failure instanceof DnsException known && known.isContended())) {
			this.metrics.failed();
			String reason = (failure instanceof DnsException) ? String.valueOf(failure.getMessage())
					: failure.toString();
			if (!reason.equals(this.logged)) {
				this.logged = reason;
				logger.warn("The pool {} in DNS is not up to date, trying again: {}", this.pool, reason);
			}
		}
		return pause;
	}

	/**
	 * Takes the node out of the pool. Gives up if DNS does not answer within a few
	 * seconds; then the other nodes remove the entry later.
	 */
	@Override
	public void stop(Runnable callback) {
		want(false);
		Sinks.Empty<Void> end = this.out;
		Mono<Void> gone = (end != null) ? end.asMono() : Mono.empty();
		gone.timeout(LEAVE_LIMIT).onErrorComplete().doFinally((_) -> {
			stop();
			callback.run();
		}).subscribe();
	}

	@Override
	public void stop() {
		this.running = false;
		this.loop.dispose();
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

}
