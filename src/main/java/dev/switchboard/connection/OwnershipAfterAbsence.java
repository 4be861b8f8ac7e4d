package dev.switchboard.connection;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import dev.switchboard.directory.AgentDirectory;
import dev.switchboard.directory.AgentRecord;
import dev.switchboard.time.Attendance;
import dev.switchboard.time.Periodic;
import dev.switchboard.time.TimeSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * A node that was stopped for half a lease cannot be sure of its agents: another node may
 * have given it up, and its agents may have moved. It claims all of them again, and asks
 * the directory about each that is called until that is done. While the database is away
 * a node does not ask: it serves its agents as usual.
 */
final class OwnershipAfterAbsence implements Ownership {

	private static final Logger logger = LoggerFactory.getLogger(OwnershipAfterAbsence.class);

	private static final Duration PERIOD = Duration.ofMillis(250);

	/** A busy machine may be late by this much. */
	private static final Duration SHORTEST = Duration.ofSeconds(1);

	private static final Duration LONGEST_SILENCE = Duration.ofSeconds(1);

	private final AgentDirectory directory;

	private final Supplier<Mono<Void>> claimAll;

	private final Attendance attendance;

	private final TimeSource time;

	private final Periodic ticks;

	private final AtomicBoolean unsure = new AtomicBoolean();

	private volatile long lastTick;

	/**
	 * Is sure of everything at first.
	 * @param claimAll claims the agents of all connections again; completes when all of
	 * these claims are stored
	 */
	OwnershipAfterAbsence(Duration lease, AgentDirectory directory, Supplier<Mono<Void>> claimAll, TimeSource time) {
		this.directory = directory;
		this.claimAll = claimAll;
		this.time = time;
		this.lastTick = time.nanoTime();
		Duration half = lease.dividedBy(2);
		this.attendance = new Attendance((half.compareTo(SHORTEST) > 0) ? half : SHORTEST, this.lastTick);
		this.ticks = new Periodic(() -> PERIOD, () -> Mono.fromRunnable(this::tick), (_) -> {
		});
	}

	void start() {
		this.ticks.start();
	}

	void stop() {
		this.ticks.dispose();
	}

	void tick() {
		long now = this.time.nanoTime();
		isSure(now);
		this.lastTick = now;
	}

	@Override
	public boolean isSure(long now) {
		if (this.attendance.isAway(this.lastTick, now)) {
			back(now);
		}
		return !this.unsure.get();
	}

	private void back(long now) {
		if (this.unsure.compareAndSet(false, true)) {
			logger.warn("This node was away for {}; it claims its agents again, and asks before it answers for them",
					Duration.ofNanos(now - this.lastTick));
			this.lastTick = now;
			this.claimAll.get()
				.subscribeOn(Schedulers.parallel())
				.onErrorComplete()
				.doFinally((_) -> this.unsure.set(false))
				.subscribe();
		}
	}

	@Override
	public Mono<Void> check(AgentConnection connection) {
		return this.directory.peek(connection.agent(), LONGEST_SILENCE)
			.doOnNext((found) -> supersede(connection, found))
			.doOnError((_) -> this.unsure.set(false))
			.onErrorComplete()
			.then();
	}

	/** While its first claim is on its way, a connection's epoch may be too low. */
	private static void supersede(AgentConnection connection, AgentRecord found) {
		boolean isOther = !found.claim().connection().equals(connection.id());
		if (isOther && connection.epoch() > 0 && found.epoch() > connection.epoch()) {
			connection.superseded();
		}
	}

}
