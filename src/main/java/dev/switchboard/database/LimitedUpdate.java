package dev.switchboard.database;

import io.r2dbc.spi.Connection;
import reactor.core.publisher.Mono;

/**
 * A statement that changes a limited number of rows. It is run again until no row is left
 * to change.
 */
@FunctionalInterface
public interface LimitedUpdate {

	/**
	 * Changes some rows.
	 * @param limit the most rows to change, so that few rows are locked at a time
	 * @return how many rows were changed; fewer than the limit if no row is left to
	 * change
	 */
	Mono<Long> run(Connection connection, int limit);

}
