package dev.switchboard.database;

import java.util.Set;

import io.r2dbc.spi.R2dbcException;
import io.r2dbc.spi.R2dbcRollbackException;

/**
 * What a server's errors say about the server, by their numbers: those of MySQL, MariaDB,
 * Galera, Aurora and ProxySQL. (A database in memory has none of these troubles.)
 */
final class ServerErrors {

	/**
	 * The server is not the writer, or is on its way down. Another connection may reach
	 * the writer.
	 */
	private static final Set<Integer> NO_WRITER = Set.of(
			// Read-only: by an option, by the transaction, by the server's mode, InnoDB's
			// or the table's.
			1290, 1792, 1836, 1874, 1036,
			// Shutting down, or offline to this user.
			1053, 1077, 1079, 1080, 3032, 3168,
			// Galera has no quorum. Group replication refuses the change.
			1047, 3098, 3100,
			// The session is ended: aborted, killed, silent for too long.
			1152, 1184, 1927, 3169, 4031,
			// ProxySQL finds no server.
			9001, 9002,
			// The session's database was dropped.
			1046, 1049);

	/** The database has not the tables, or not in this version's shape. */
	private static final Set<Integer> NO_TABLES = Set.of(
			// No such table, also in the storage engine; no such column.
			1146, 1932, 1054);

	private static final int DEADLOCK = 1213;

	private ServerErrors() {
	}

	/** Whether the connection that got it, and others, lead to a server of no use. */
	static boolean isNoWriter(Throwable failure) {
		return failure instanceof R2dbcException error && NO_WRITER.contains(error.getErrorCode());
	}

	/** Whether tables have to be made. */
	static boolean isNoTables(Throwable failure) {
		return failure instanceof R2dbcException error && NO_TABLES.contains(error.getErrorCode());
	}

	/** Whether the server has rolled the statement back, so that it may be sent again. */
	static boolean isRollback(Throwable failure) {
		return failure instanceof R2dbcRollbackException
				|| (failure instanceof R2dbcException error && error.getErrorCode() == DEADLOCK);
	}

}
