package dev.switchboard.node;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

import dev.switchboard.database.Database;
import dev.switchboard.database.LimitedUpdate;
import dev.switchboard.protocol.NodeId;
import io.r2dbc.spi.Connection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Declares the nodes dead whose leases are over, and releases their claims.
 * {@link NodeTable#expire} has the condition.
 */
final class Expiry {

	private static final Logger logger = LoggerFactory.getLogger(Expiry.class);

	private static final String STATEMENT = "expire";

	private static final int BATCH = 1000;

	/**
	 * How long after its last heartbeat a dead node stays listed, so that an operator
	 * sees it.
	 */
	private static final long LISTED_MICROS = TimeUnit.HOURS.toMicros(1);

	private final NodeId self;

	private final Database database;

	private final ClaimRelease claims;

	private final AtomicBoolean busy = new AtomicBoolean();

	Expiry(NodeId self, Database database, ClaimRelease claims) {
		this.self = self;
		this.database = database;
		this.claims = claims;
	}

	/** Starts a run in the background, unless the previous run has not ended. */
	void run() {
		if (this.busy.compareAndSet(false, true)) {
			expire().doFinally((_) -> this.busy.set(false)).subscribe((_) -> {
			}, (failure) -> logger.warn("Nodes past their leases not expired yet: {}", failure.toString()));
		}
	}

	private Mono<Long> expire() {
		return upkeep((connection) -> NodeTable.expire(connection, this.self)).doOnNext(Expiry::log)
			.then(upkeep(NodeTable::list))
			.flatMapMany(Flux::fromIterable)
			.filter((node) -> node.state() == NodeState.DEAD)
			.concatMap((dead) -> inBatches((connection, limit) -> this.claims.ofDead(connection, dead, limit)))
			.then(upkeep((connection) -> NodeTable.forget(connection, LISTED_MICROS)));
	}

	private static void log(long expired) {
		if (expired > 0) {
			logger.warn("{} nodes past their leases declared dead", expired);
		}
	}

	/** Releases this node's claims and removes its row. */
	Mono<Void> leave() {
		return inBatches((connection, limit) -> this.claims.ofLeaving(connection, this.self, limit))
			.then(this.database.upkeep("deregister", (connection) -> NodeTable.remove(connection, this.self)))
			.then();
	}

	private Mono<Void> inBatches(LimitedUpdate release) {
		return this.database.upkeepInBatches(STATEMENT, BATCH, Long.MAX_VALUE, release);
	}

	private <T> Mono<T> upkeep(Function<Connection, Mono<T>> work) {
		return this.database.upkeep(STATEMENT, work);
	}

}
