package dev.switchboard.push;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

import dev.switchboard.connection.AgentConnection;
import dev.switchboard.database.Batcher;
import dev.switchboard.database.Database;
import dev.switchboard.database.DatabaseUnavailableException;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.CallId;
import dev.switchboard.time.Backoff;
import dev.switchboard.time.Chance;
import io.r2dbc.spi.Connection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * Reads from the database what waits for agents. The agents that arrive share statements:
 * hundreds of agents for which nothing waits cost one. What does wait is read for one
 * agent at a time, so that few payloads are in memory. While the database is away,
 * readings wait. Thread-safe.
 */
final class WaitingReader {

	private static final Logger logger = LoggerFactory.getLogger(WaitingReader.class);

	private static final int MAX_ARRIVALS = 500;

	private static final Duration PAUSE_AN_ARRIVAL = Duration.ofMillis(2);

	private static final Duration LONGEST_PAUSE = Duration.ofMillis(200);

	/** How many agents' pushes are read at a time. */
	private static final int LANES = 3;

	private final Database database;

	private final Backoff backoff;

	private final Consumer<AgentConnection> found;

	private final Batcher<AgentConnection> arrivals = new Batcher<>(MAX_ARRIVALS, 1,
			Batcher.growing(PAUSE_AN_ARRIVAL, LONGEST_PAUSE), this::lookUp);

	private final Batcher<Reading<?>> readings = new Batcher<>(1, LANES, (_) -> Duration.ZERO,
			(one) -> one.getFirst().run());

	/** One statement for one connection. */
	private final class Reading<T> {

		private final Delivery delivery;

		private final Function<Connection, Mono<T>> statement;

		private final T nothing;

		private final MonoSink<T> result;

		private Reading(Delivery delivery, Function<Connection, Mono<T>> statement, T nothing, MonoSink<T> result) {
			this.delivery = delivery;
			this.statement = statement;
			this.nothing = nothing;
			this.result = result;
		}

		private Mono<Void> run() {
			return Mono
				.defer(() -> this.delivery.isWanted() ? WaitingReader.this.database.request("push-next", this.statement)
						: Mono.just(this.nothing))
				.retryWhen(WaitingReader.this.backoff.whileFailing(DatabaseUnavailableException.class::isInstance))
				.doOnError((failure) -> logger.error("Pushes not read", failure))
				.onErrorReturn(this.nothing)
				.doOnNext(this.result::success)
				.then();
		}

	}

	/**
	 * Makes a reader that reads nothing yet.
	 * @param found takes the connections of arrived agents for which pushes wait
	 */
	WaitingReader(Database database, DurablePushMetrics metrics, Chance chance, Consumer<AgentConnection> found) {
		this.database = database;
		this.backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5), chance);
		this.found = found;
		metrics.gauge("switchboard.pushes.readings.queue",
				"Agents of this node that wait until it is read whether pushes wait for them",
				() -> this.arrivals.depth() + this.readings.depth());
	}

	/** Looks whether pushes wait for an agent that has arrived. */
	void arrived(AgentConnection connection) {
		this.arrivals.add(connection);
		this.arrivals.sendNext();
	}

	private Mono<Void> lookUp(List<AgentConnection> batch) {
		return Mono.defer(() -> waiting(batch.stream().filter(AgentConnection::accepts).toList()))
			.retryWhen(this.backoff.whileFailing(DatabaseUnavailableException.class::isInstance))
			.doOnError((failure) -> logger.error("Waiting pushes not looked up", failure));
	}

	private Mono<Void> waiting(List<AgentConnection> batch) {
		if (batch.isEmpty()) {
			return Mono.empty();
		}
		List<AgentId> agents = batch.stream().map(AgentConnection::agent).distinct().toList();
		return this.database.upkeep("push-arrivals", (connection) -> WaitingTable.agents(connection, agents))
			.doOnNext((waited) -> batch.stream()
				.filter((connection) -> waited.contains(connection.agent()))
				.forEach(this.found))
			.then();
	}

	/** Reads what waits for the agent of a connection. Never fails. */
	Mono<List<WaitingPush>> next(Delivery delivery, Set<CallId> without, int limit) {
		return read(delivery, (connection) -> WaitingTable.next(connection, delivery.agent(), without, limit),
				List.of());
	}

	/** Finds those of the pushes that still wait. Never fails. */
	Mono<Set<CallId>> stillWaiting(Delivery delivery, Set<CallId> pushes) {
		return read(delivery, (connection) -> WaitingTable.stillWaiting(connection, pushes), pushes);
	}

	private <T> Mono<T> read(Delivery delivery, Function<Connection, Mono<T>> statement, T nothing) {
		return Mono.create((result) -> {
			this.readings.add(new Reading<>(delivery, statement, nothing, result));
			this.readings.sendNext();
		});
	}

}
