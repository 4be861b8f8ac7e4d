package dev.switchboard.node;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import dev.switchboard.database.Database;
import dev.switchboard.time.TimeSource;
import io.r2dbc.spi.Connection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

import org.springframework.context.SmartLifecycle;

/**
 * Keeps this node in the directory's list of nodes. It registers the node, sends a
 * heartbeat every third of a lease, reads the directory's clock with each heartbeat, and
 * removes the node when the node stops. While the database is away, heartbeats are tried
 * again, with back-off. Thread-safe; no method blocks.
 */
public final class Membership implements SmartLifecycle {

	/**
	 * The lifecycle phase of the membership. What has a lower phase starts before the
	 * node registers and stops after the node is removed. The event loops have the phase
	 * 0, so that they stop last.
	 */
	public static final int PHASE = 1024;

	private static final Logger logger = LoggerFactory.getLogger(Membership.class);

	private static final Duration LEAVE_LIMIT = Duration.ofSeconds(3);

	private static final Duration PUBLISH_LIMIT = Duration.ofSeconds(1);

	private static final Duration FIRST_BACKOFF = Duration.ofMillis(100);

	private final NodeTable.Self self;

	private final NodeStatus status;

	private final Duration interval;

	private final Database database;

	private final DirectoryClock clock;

	private final OwnLease lease;

	private final Expiry expiry;

	private final List<RegistrationListener> listeners;

	private final TimeSource time;

	private final long startedNanos;

	private final Disposable.Swap loop = Disposables.swap();

	private volatile boolean registered;

	/** The value of {@link Database#losses} when this node last registered. */
	private volatile int lossesSeen;

	/** The time of the heartbeat in this node's row, as this node last read it. */
	private volatile long stored;

	/** Completes when the heartbeat that is under way has ended. */
	private volatile Mono<Void> underway = Mono.empty();

	private volatile boolean running;

	private volatile @Nullable Instant drainUntil;

	/**
	 * Makes a membership that begins at {@link #start}.
	 * @param listeners are notified when the node has registered again because it was
	 * declared dead or the directory had lost its row
	 */
	Membership(NodeTable.Self self, NodeStatus status, Database database, DirectoryClock clock, OwnLease lease,
			Expiry expiry, List<RegistrationListener> listeners, TimeSource time) {
		this.self = self;
		this.status = status;
		this.database = database;
		this.clock = clock;
		this.lease = lease;
		this.expiry = expiry;
		this.listeners = List.copyOf(listeners);
		this.time = time;
		this.startedNanos = time.nanoTime();
		this.interval = self.lease().dividedBy(3);
	}

	/** Whether a heartbeat has succeeded within the last two thirds of a lease. */
	public boolean isAnswering() {
		return this.lease.renewedWithin(this.interval.multipliedBy(2));
	}

	/** Whether a heartbeat has succeeded since the start. */
	public boolean hasAnswered() {
		return this.lease.everRenewed();
	}

	/** Returns the time since the last successful heartbeat; null before the first. */
	public @Nullable Duration sinceHeartbeat() {
		return this.lease.age();
	}

	@Override
	public void start() {
		this.running = true;
		this.loop.update(Mono.defer(this::turn).repeat(() -> this.running).subscribe());
	}

	/** Returns one heartbeat and the pause after it. */
	private Mono<Long> turn() {
		return begin().thenReturn(this.interval).onErrorResume((failure) -> {
			this.expiry.interrupt();
			Duration pause = this.lease.backoff(FIRST_BACKOFF, this.interval);
			logger.warn("No heartbeat, trying again in {}: {}", pause, failure.toString());
			return Mono.just(pause);
		}).flatMap(Mono::delay);
	}

	/**
	 * Starts a heartbeat, which goes on to its end even if the node stops. {@link #stop}
	 * waits for the heartbeat. Otherwise the heartbeat could insert this node's row again
	 * after the row was removed.
	 */
	private Mono<Void> begin() {
		Mono<Void> beat = Database.detached(beat());
		this.underway = beat.onErrorComplete();
		return beat;
	}

	private Mono<Void> beat() {
		return (isKnown() ? renew() : Mono.just(false)).flatMap((renewed) -> renewed ? Mono.empty() : register())
			.then(this.database.upkeep("heartbeat", this.clock::read))
			.then(this.database.upkeep("heartbeat", this::readBack))
			.doOnSuccess((_) -> renewed());
	}

	private boolean isKnown() {
		return this.registered && this.lossesSeen == this.database.losses();
	}

	private Mono<Boolean> renew() {
		return this.database.write("heartbeat",
				(connection) -> NodeTable.renew(connection, this.self, standing(), this.stored));
	}

	private Mono<Void> register() {
		int losses = this.database.losses();
		Duration uptime = Duration.ofNanos(this.time.nanoTime() - this.startedNanos);
		return this.database
			.write("register",
					(connection) -> NodeTable.register(connection, this.self, this.status, standing(), uptime))
			.doOnSuccess((_) -> {
				this.lossesSeen = losses;
				registered();
			});
	}

	/**
	 * Reads the heartbeat that was stored. If the row has an earlier one at the next
	 * heartbeat, the database was replaced by a backup or by a copy that lagged behind,
	 * and may have lost claims. Then the node registers again.
	 */
	private Mono<Void> readBack(Connection connection) {
		return NodeTable.heartbeat(connection, this.self.id()).doOnNext((micros) -> this.stored = micros).then();
	}

	private NodeTable.Standing standing() {
		return new NodeTable.Standing(this.status.connections().getAsInt(), this.drainUntil,
				this.status.handshakeRate().getAsInt());
	}

	/**
	 * Publishes whether this node drains, as {@link #publish()} does.
	 * @param until when the drain ends at the latest, by the directory's clock; null if
	 * this node takes agents
	 */
	public Mono<Void> publish(@Nullable Instant until) {
		return Mono.fromRunnable(() -> this.drainUntil = until).then(publish());
	}

	/**
	 * Publishes the present state of this node. Heartbeats do the same later.
	 * @return completes when it is stored; an error if that takes more than a second
	 */
	public Mono<Void> publish() {
		return Mono.defer(
				() -> Database
					.within(PUBLISH_LIMIT,
							this.underway.then(this.database.upkeep("publish",
									(connection) -> NodeTable.publish(connection, this.self.id(), standing())))))
			.then();
	}

	private void registered() {
		boolean anew = this.registered;
		this.registered = true;
		if (anew) {
			logger.warn("The directory had declared this node dead, or had lost it; the node has registered anew");
			this.listeners.forEach(RegistrationListener::registeredAnew);
		}
	}

	private void renewed() {
		this.lease.renewed();
		this.expiry.run();
	}

	/**
	 * Removes this node from the directory. Gives up if the directory does not answer
	 * within a few seconds.
	 */
	@Override
	public void stop(Runnable callback) {
		stop();
		Mono<Void> kept = this.database.upkeep("deregister", this.clock::keep);
		Database.within(LEAVE_LIMIT, this.underway.then(kept).then(this.expiry.leave()))
			.onErrorComplete()
			.doFinally((_) -> callback.run())
			.subscribe();
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

	@Override
	public int getPhase() {
		return PHASE;
	}

}
