package dev.switchboard.directory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

import dev.switchboard.database.LimitedUpdate;
import dev.switchboard.database.SteppedSession;
import dev.switchboard.node.NodeRecord;
import dev.switchboard.time.ManualTime;
import io.r2dbc.spi.Connection;
import reactor.core.publisher.Mono;

/** The nodes of one history, on one database, and what they remember. */
final class HistoryWorld {

	final ManualTime time = new ManualTime();

	final List<HistoryNode> nodes = new ArrayList<>();

	/** The claims that the nodes have made, by their numbers. */
	final List<Claim> claims = new ArrayList<>();

	/** The nodes as they were listed last. */
	List<NodeRecord> listed = List.of();

	/** The claims as they were listed last. */
	List<ClaimKey> audited = List.of();

	private final SteppedSession session;

	private long clock;

	HistoryWorld(SteppedSession session, long clock) {
		this.session = session;
		this.clock = clock;
		for (int i = 0; i < HistoryNames.NODES; i++) {
			this.nodes.add(new HistoryNode(i, session.database(), this.time));
		}
	}

	/** Runs statements as upkeep does. */
	<T> Mono<T> upkeep(Function<Connection, Mono<T>> work) {
		return this.session.database().upkeep("history", work);
	}

	/** Runs an update until it finds no more rows, and gives the number of rows. */
	Mono<Long> inBatches(int limit, LimitedUpdate update) {
		AtomicLong rows = new AtomicLong();
		return this.session.database()
			.upkeepInBatches("history", limit, Long.MAX_VALUE,
					(connection, most) -> update.run(connection, most).doOnNext(rows::addAndGet))
			.then(Mono.fromSupplier(rows::get));
	}

	/** Lets time pass, for the nodes and for the database. */
	Mono<Void> pass(long steps) {
		return Mono.fromRunnable(() -> {
			this.time.advance(Duration.ofNanos(steps * SteppedSession.STEP * 1000));
			setClock(steps);
		});
	}

	/** Steps the database's clock. */
	Mono<Void> step(long steps) {
		return Mono.fromRunnable(() -> setClock(steps));
	}

	private void setClock(long steps) {
		this.clock += steps * SteppedSession.STEP;
		this.session.setClock(this.clock);
	}

}
