package dev.switchboard.database;

import io.r2dbc.spi.Connection;
import reactor.core.publisher.Mono;

/** A statement that changes some of many rows, to be run until none are left. */
@FunctionalInterface
public interface LimitedUpdate {

	/**
	 * Changes some rows.
	 * @param limit the most rows to change, so that few rows are locked at a time
	 * @return how many were changed; fewer than the limit when none are left
	 */
	Mono<Long> run(Connection connection, int limit);

}
