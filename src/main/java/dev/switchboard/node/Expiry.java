package dev.switchboard.node;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

import dev.switchboard.database.Database;
import dev.switchboard.database.LimitedUpdate;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.time.TimeSource;
import io.r2dbc.spi.Connection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Declares nodes dead if their heartbeats stand still, and releases their claims.
 * {@link NodeWatch} finds these nodes. A node is declared dead only if its row still has
 * the heartbeat that {@link NodeWatch} has seen.
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

	private final NodeWatch watch;

	private final TimeSource time;

	private final AtomicBoolean busy = new AtomicBoolean();

	Expiry(NodeId self, Database database, ClaimRelease claims, NodeWatch watch, TimeSource time) {
		this.self = self;
		this.database = database;
		this.claims = claims;
		this.watch = watch;
		this.time = time;
	}

	/**
	 * Looks at all nodes after a heartbeat of this node has succeeded. Works in the
	 * background; does nothing if the previous run has not ended.
	 */
	void run() {
		if (this.busy.compareAndSet(false, true)) {
			expire().doOnError((_) -> this.watch.interrupt()).doFinally((_) -> this.busy.set(false)).subscribe((_) -> {
			}, (failure) -> logger.warn("Nodes that are gone not expired yet: {}", failure.toString()));
		}
	}

	/**
	 * Called when a heartbeat of this node has failed. The heartbeats of the other nodes
	 * may have failed for the same reason, so all watching begins anew.
	 */
	void interrupt() {
		this.watch.interrupt();
	}

	private Mono<Long> expire() {
		return look().flatMapMany(Flux::fromIterable)
			.concatMap(this::declareDead)
			.then(upkeep(NodeTable::list))
			.flatMapMany(Flux::fromIterable)
			.filter((node) -> node.state() == NodeState.DEAD)
			.concatMap((dead) -> inBatches((connection, limit) -> this.claims.ofDead(connection, dead, limit)))
			.then(upkeep((connection) -> NodeTable.forget(connection, LISTED_MICROS)));
	}

	private Mono<List<NodeRecord>> look() {
		return Mono.defer(() -> {
			long asked = this.time.nanoTime();
			return upkeep(NodeTable::list).map((nodes) -> this.watch.look(nodes, asked));
		});
	}

	private Mono<Long> declareDead(NodeRecord gone) {
		return upkeep((connection) -> NodeTable.declareDead(connection, gone)).doOnNext((declared) -> {
			if (declared > 0) {
				logger.warn("Node {} at {} declared dead: its heartbeat stood still for a lease", gone.id(),
						gone.host());
			}
		});
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
