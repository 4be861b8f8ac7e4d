package dev.switchboard.push;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

import dev.switchboard.connection.GatewayEvents;
import dev.switchboard.database.DatabaseUnavailableException;
import dev.switchboard.database.Deletion;
import dev.switchboard.database.Sql;
import io.r2dbc.spi.Connection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Gives expired pushes their outcome. Readers take no notice of an expired push before
 * that, so this may come a minute late. The event log gets an event of each push before
 * the push has its outcome. If this node dies between the two, another node sends the
 * same events, and the log takes them once.
 */
final class PushExpiry implements Deletion {

	private static final Logger logger = LoggerFactory.getLogger(PushExpiry.class);

	private static final String DUE = "SELECT " + ExpiredPush.COLUMNS + " FROM pushes WHERE ended = 0 AND expires <= "
			+ Sql.CLOCK + " ORDER BY expires, seq LIMIT ?";

	private static final String EXPIRE = "UPDATE pushes SET ended = 1, outcome = " + PushOutcome.EXPIRED.stored()
			+ ", ended_at = expires, expires = expires + " + PushTable.KEPT_MICROS
			+ ", payload = NULL, unannounced = NULL WHERE ended = 0 AND id IN (";

	/** How long the log may take. Afterwards the pushes wait for the next time. */
	private static final Duration LOG_LIMIT = Duration.ofSeconds(5);

	private final GatewayEvents events;

	private final DurablePushMetrics metrics;

	PushExpiry(GatewayEvents events, DurablePushMetrics metrics) {
		this.events = events;
		this.metrics = metrics;
	}

	@Override
	public Mono<Long> run(Connection connection, int limit) {
		return due(connection, limit).flatMap((due) -> logged(due).then(Mono.defer(() -> expire(connection, due))))
			.doOnNext((expired) -> this.metrics.ended(PushOutcome.EXPIRED, expired))
			.onErrorResume(PushExpiry::isLate, (failure) -> {
				logger.debug("Expired pushes wait for the event log: {}", failure.toString());
				return Mono.just(0L);
			});
	}

	private static boolean isLate(Throwable failure) {
		return failure instanceof TimeoutException || failure instanceof DatabaseUnavailableException;
	}

	private Mono<Void> logged(List<ExpiredPush> due) {
		return this.events.store(due.stream().map(ExpiredPush::event).toList()).timeout(LOG_LIMIT);
	}

	/** Reads some expired pushes. */
	static Mono<List<ExpiredPush>> due(Connection connection, int limit) {
		return Sql.select(connection, DUE, ExpiredPush::read, limit);
	}

	/** Ends expired pushes, and returns how many it ended. */
	static Mono<Long> expire(Connection connection, List<ExpiredPush> due) {
		if (due.isEmpty()) {
			return Mono.just(0L);
		}
		List<Object> ids = new ArrayList<>();
		due.forEach((push) -> ids.add(push.id().value()));
		return Sql.update(connection, EXPIRE + Sql.list("?", ids.size()) + ")", ids.toArray());
	}

	/** Removes some pushes that ended 24 hours ago, and returns how many it removed. */
	static Mono<Long> remove(Connection connection, int limit) {
		return Sql.update(connection, "DELETE FROM pushes WHERE ended = 1 AND expires <= " + Sql.CLOCK + " LIMIT ?",
				limit);
	}

}
