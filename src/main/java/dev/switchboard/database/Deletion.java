package dev.switchboard.database;

import io.r2dbc.spi.Connection;
import reactor.core.publisher.Mono;

/** Deletes rows that have become old, some at a time. */
@FunctionalInterface
public interface Deletion {

	/**
	 * Deletes some.
	 * @param limit the most to delete, so that few rows are locked at a time
	 * @return how many were deleted; fewer than the limit when none are left
	 */
	Mono<Long> delete(Connection connection, int limit);

}
