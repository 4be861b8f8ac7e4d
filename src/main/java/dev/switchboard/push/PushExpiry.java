package dev.switchboard.push;

import dev.switchboard.database.Deletion;
import dev.switchboard.database.Sql;
import io.r2dbc.spi.Connection;
import reactor.core.publisher.Mono;

/**
 * Gives expired pushes their outcome. Readers take no notice of an expired push before
 * that, so this may come a minute late.
 */
final class PushExpiry implements Deletion {

	private static final String EXPIRE = "UPDATE pushes SET ended = 1, outcome = " + PushOutcome.EXPIRED.stored()
			+ ", ended_at = expires, expires = expires + " + PushTable.KEPT_MICROS
			+ ", payload = NULL, unannounced = NULL WHERE ended = 0 AND expires <= " + Sql.CLOCK + " LIMIT ?";

	private final DurablePushMetrics metrics;

	PushExpiry(DurablePushMetrics metrics) {
		this.metrics = metrics;
	}

	@Override
	public Mono<Long> run(Connection connection, int limit) {
		return expire(connection, limit).doOnNext((expired) -> this.metrics.ended(PushOutcome.EXPIRED, expired));
	}

	/** Ends some expired pushes, and returns how many it ended. */
	static Mono<Long> expire(Connection connection, int limit) {
		return Sql.update(connection, EXPIRE, limit);
	}

	/** Removes some pushes that ended 24 hours ago, and returns how many it removed. */
	static Mono<Long> remove(Connection connection, int limit) {
		return Sql.update(connection, "DELETE FROM pushes WHERE ended = 1 AND expires <= " + Sql.CLOCK + " LIMIT ?",
				limit);
	}

}
