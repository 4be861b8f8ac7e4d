package dev.switchboard.connection;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
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
 * Notices that this node was stopped for more than half a lease. Then the node cannot be
 * sure of its agents: another node may have declared it dead, and its agents may have
 * moved. So it claims all of them again. Until each of these claims is stored or lost, it
 * asks the directory about each agent that is called. If the database does not answer,
 * the node stops asking and serves its agents as usual.
 */
final class OwnershipAfterAbsence implements Ownership {

	private static final Logger logger = LoggerFactory.getLogger(OwnershipAfterAbsence.class);

	private static final Duration PERIOD = Duration.ofMillis(250);

	/**
	 * The shortest absence that counts, even if the lease is short: a busy machine may be
	 * late by up to a second.
	 */
	private static final Duration SHORTEST = Duration.ofSeconds(1);

	private static final Duration LONGEST_SILENCE = Duration.ofSeconds(1);

	private final AgentDirectory directory;

	private final Supplier<Mono<Void>> claimAll;

	private final Attendance attendance;

	private final TimeSource time;

	private final Periodic ticks;

	/** The number of absences so far. */
	private volatile int absences;

	/** The index, from 1, of the last absence after which the node was sure again. */
	private final AtomicInteger settled = new AtomicInteger();

	private volatile long lastTick;

	/**
	 * Begins in the state in which the node is sure of its agents.
	 * @param claimAll claims the agents of all connections again; completes when each
	 * claim is stored, or its connection takes no more calls
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
		return this.settled.get() == this.absences;
	}

	/**
	 * Records an absence, unless another thread has recorded it. The number of absences
	 * rises before the new tick is visible, so no thread believes meanwhile that the node
	 * is sure.
	 */
	private synchronized void back(long now) {
		if (!this.attendance.isAway(this.lastTick, now)) {
			return;
		}
		logger.warn("This node was away for {}; it claims its agents again, and asks before it answers for them",
				Duration.ofNanos(now - this.lastTick));
		int absence = this.absences + 1;
		this.absences = absence;
		this.lastTick = now;
		this.claimAll.get()
			.subscribeOn(Schedulers.parallel())
			.onErrorComplete()
			.doFinally((_) -> settle(absence))
			.subscribe();
	}

	private void settle(int absence) {
		this.settled.accumulateAndGet(absence, Math::max);
	}

	@Override
	public Mono<Void> check(AgentConnection connection) {
		int absence = this.absences;
		return this.directory.peek(connection.agent(), LONGEST_SILENCE)
			.doOnNext((found) -> supersede(connection, found))
			.doOnError((_) -> settle(absence))
			.onErrorComplete()
			.then();
	}

	/**
	 * Supersedes a connection if a newer one has claimed its agent. Spares a connection
	 * whose epoch is provisional (negative), because such an epoch cannot be compared
	 * yet.
	 */
	private static void supersede(AgentConnection connection, AgentRecord found) {
		boolean isOther = !found.claim().connection().equals(connection.id());
		if (isOther && connection.epoch() > 0 && found.epoch() > connection.epoch()) {
			connection.superseded();
		}
	}

}
