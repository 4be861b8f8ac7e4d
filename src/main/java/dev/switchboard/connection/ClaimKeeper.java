package dev.switchboard.connection;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

import dev.switchboard.directory.AgentDirectory;
import dev.switchboard.directory.LastClose;
import dev.switchboard.node.DirectoryClock;
import dev.switchboard.node.RegistrationListener;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.time.Backoff;
import dev.switchboard.time.Chance;
import dev.switchboard.time.TimeSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

import org.springframework.web.reactive.socket.CloseStatus;

/**
 * Keeps the directory's claims in step with the connections of this node. A connection
 * whose claim loses to a newer one is superseded. Thread-safe.
 */
final class ClaimKeeper implements RegistrationListener, SupersedeNotice {

	private static final Logger logger = LoggerFactory.getLogger(ClaimKeeper.class);

	private static final Duration LOCATE_LIMIT = Duration.ofSeconds(5);

	/**
	 * If a claim is lost within this time after the handshake, the connection may still
	 * be the newest, although another one has a higher epoch. If the agent was asked to
	 * connect anew meanwhile, the other one is its next connection.
	 */
	private static final Duration FRESH = Duration.ofSeconds(5);

	private final ConnectionRegistry registry;

	private final AgentDirectory directory;

	private final DirectoryClock clock;

	private final Consumer<AgentConnection> claimed;

	private final TimeSource time;

	private final Backoff backoff;

	/**
	 * Makes a keeper, which claims nothing yet.
	 * @param claimed is called with each connection whose claim has been stored
	 */
	ClaimKeeper(ConnectionRegistry registry, AgentDirectory directory, DirectoryClock clock,
			Consumer<AgentConnection> claimed, TimeSource time, Chance chance) {
		this.registry = registry;
		this.directory = directory;
		this.clock = clock;
		this.claimed = claimed;
		this.time = time;
		this.backoff = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30), chance);
	}

	/**
	 * Claims the agent of a connection that was just made, and tries again for as long as
	 * the connection takes calls. If the connection ends meanwhile, the claim is not
	 * cancelled, and its release follows.
	 */
	public void claim(AgentConnection connection) {
		long made = this.time.nanoTime();
		int lifts = this.clock.lifts();
		claim(connection, false, (row) -> {
			long age = this.time.nanoTime() - made;
			boolean isNew = age <= FRESH.toNanos() && !connection.isAskedToLeave();
			if (isNew && wasAhead(row, connection, age, lifts)) {
				claimOver(row, connection);
			}
			else {
				connection.superseded();
			}
		});
	}

	/**
	 * Whether an epoch is ahead of this node's clock, as the clock was when a connection
	 * was made. If other claims have lifted the clock since, its present time shows
	 * nothing.
	 */
	private boolean wasAhead(long epoch, AgentConnection connection, long age, int lifts) {
		return this.clock.isAhead(epoch) || (this.clock.lifts() != lifts
				&& epoch > this.clock.settled(connection.epoch()) + TimeUnit.NANOSECONDS.toMicros(age));
	}

	/**
	 * Claims the agent of a connection again. If another connection has claimed the agent
	 * meanwhile, this connection is superseded, and does not take the agent back.
	 */
	void claimAgain(AgentConnection connection) {
		claim(connection, true, (_) -> connection.superseded());
	}

	/**
	 * Handles a new connection whose claim has lost to an epoch that is ahead of this
	 * node's clock, as the clock was when the connection was made. Such an epoch comes
	 * from a node whose clock is ahead, and does not prove that the other connection is
	 * newer. So this connection takes the next higher epoch and is claimed once more. If
	 * two nodes do this at the same time, the first claim that reaches the directory
	 * wins.
	 */
	private void claimOver(long epoch, AgentConnection connection) {
		if (connection.accepts()) {
			this.clock.catchUp(epoch);
			connection.dated(epoch + 1, connection.connectedAt());
			claim(connection, false, (_) -> connection.superseded());
		}
	}

	private void claim(AgentConnection connection, boolean again, LongConsumer lost) {
		claimed(connection, again, lost).subscribe();
	}

	/** Claims the agent; completes when the result is handled, and never fails. */
	private Mono<Void> claimed(AgentConnection connection, boolean again, LongConsumer lost) {
		Retry whileItAccepts = this.backoff.whileFailing((_) -> connection.accepts());
		AtomicLong row = new AtomicLong();
		return this.directory.claim(connection.claim(), again, row::set).retryWhen(whileItAccepts).doOnNext((held) -> {
			if (held) {
				held(connection, row.get());
				this.claimed.accept(connection);
			}
			else {
				lost.accept(row.get());
			}
		})
			.doOnError((failure) -> logger.debug("{} left unclaimed: {}", connection.agent(), failure.toString()))
			.onErrorComplete()
			.then();
	}

	/**
	 * Takes the epoch that the directory has stored. The epoch is 0 if the claim was not
	 * stored, because the release of the same connection took its place.
	 */
	private void held(AgentConnection connection, long epoch) {
		boolean stored = epoch > 0;
		if (stored && connection.epoch() < 0) {
			connection.dated(epoch, this.clock.timeOf(epoch));
		}
		else if (stored && epoch > connection.epoch()) {
			connection.dated(epoch, connection.connectedAt());
		}
	}

	/**
	 * Handles the notice that another node has a newer connection with this epoch. If
	 * this epoch cannot be compared with that of the connection here, claims the agent
	 * again, so that the directory decides. If a claim is already on its way, does
	 * nothing, because that claim decides.
	 */
	@Override
	public void superseded(AgentId agent, long epoch) {
		AgentConnection connection = this.registry.find(agent);
		if (connection == null || !(connection.epoch() < 0 || this.clock.isAhead(epoch))) {
			this.registry.supersede(agent, epoch);
		}
		else if (!this.directory.isWriting(agent)) {
			claimAgain(connection);
		}
	}

	/**
	 * Claims every agent again. Completes when all results are handled. Then each
	 * connection whose claim has lost takes no more calls.
	 */
	Mono<Void> claimAll() {
		return Mono.defer(() -> {
			List<Mono<Void>> claims = new ArrayList<>();
			this.registry.forEach((connection) -> claims
				.add(claimed(connection, true, (_) -> connection.superseded()).then(connection.turn())));
			return Mono.when(claims);
		});
	}

	/** Claims every agent again, since the directory has released this node's claims. */
	@Override
	public void registeredAnew() {
		this.registry.forEach(this::claimAgain);
	}

	/** Releases the claim of a connection that has ended. */
	public void release(AgentConnection connection, CloseStatus status) {
		Instant now = this.clock.now();
		Instant lastSeen = now.minusNanos(connection.quietNanos());
		LastClose close = new LastClose(status.getCode(), Objects.requireNonNullElse(status.getReason(), ""), now);
		this.directory.release(connection.claim(), lastSeen, close).subscribe();
	}

	/**
	 * Releases a claim of this node whose connection is gone. Does nothing if the
	 * directory does not have the claim any more, or if the agent has a connection here
	 * again.
	 * @param epoch the epoch of the connection that is gone
	 * @return whether there was a claim to release
	 */
	Mono<Boolean> releaseStale(AgentId agent, long epoch) {
		return this.directory.locate(agent, LOCATE_LIMIT)
			.filter((found) -> found.epoch() == epoch && found.online() && !this.registry.isHeld(agent))
			.flatMap((found) -> this.directory.release(found.claim(), this.clock.now(), null).thenReturn(true))
			.defaultIfEmpty(false);
	}

}
