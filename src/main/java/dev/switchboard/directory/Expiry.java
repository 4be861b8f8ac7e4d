package dev.switchboard.directory;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

import dev.switchboard.database.Database;
import dev.switchboard.database.StatementKind;
import dev.switchboard.protocol.NodeId;
import io.r2dbc.spi.Connection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Declares nodes dead that are past their leases, and releases what they claimed. */
final class Expiry {

	private static final Logger logger = LoggerFactory.getLogger(Expiry.class);

	private static final int BATCH = 1000;

	/** How long a dead node stays listed, for an operator to see. */
	private static final long LISTED_MICROS = TimeUnit.HOURS.toMicros(1);

	private final NodeId self;

	private final Database database;

	private final AtomicBoolean busy = new AtomicBoolean();

	Expiry(NodeId self, Database database) {
		this.self = self;
		this.database = database;
	}

	/** Does so in the background, unless it is still being done. */
	void run() {
		if (this.busy.compareAndSet(false, true)) {
			expire().doFinally((signal) -> this.busy.set(false)).subscribe((ignored) -> {
			}, (failure) -> logger.warn("Lapsed nodes not expired yet: {}", failure.toString()));
		}
	}

	private Mono<Long> expire() {
		return upkeep((connection) -> NodeTable.expire(connection, this.self)).doOnNext((nodes) -> {
			if (nodes > 0) {
				logger.warn("{} nodes past their leases declared dead", nodes);
			}
		})
			.then(upkeep(NodeTable::list))
			.flatMapMany(Flux::fromIterable)
			.filter((node) -> node.state() == NodeState.DEAD)
			.concatMap((dead) -> inBatches((connection) -> NodeTable.releaseClaims(connection, dead, BATCH)))
			.then(upkeep((connection) -> NodeTable.forget(connection, LISTED_MICROS)));
	}

	/** Releases what this node claimed and takes its row out. */
	Mono<Void> leave() {
		return inBatches((connection) -> NodeTable.releaseOwnClaims(connection, this.self, BATCH))
			.then(this.database.upkeep(StatementKind.DEREGISTER,
					(connection) -> NodeTable.remove(connection, this.self)))
			.then();
	}

	private Mono<Long> inBatches(Function<Connection, Mono<Long>> batch) {
		return upkeep(batch).repeat().takeUntil((rows) -> rows < BATCH).last();
	}

	private <T> Mono<T> upkeep(Function<Connection, Mono<T>> work) {
		return this.database.upkeep(StatementKind.EXPIRE, work);
	}

}
