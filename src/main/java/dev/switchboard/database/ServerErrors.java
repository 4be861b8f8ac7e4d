package dev.switchboard.database;

import java.util.Set;

import io.r2dbc.spi.R2dbcException;
import io.r2dbc.spi.R2dbcRollbackException;

/**
 * Decides by an error's number what the error says about the server. It knows the numbers
 * of MySQL, MariaDB, Galera, Aurora and ProxySQL. A database in memory has none of these
 * errors.
 */
final class ServerErrors {

	/**
	 * The errors of a server that is not the writer, or is shutting down. A new
	 * connection may reach the writer.
	 */
	private static final Set<Integer> NO_WRITER = Set.of(
			// Read-only because of an option, the transaction, or the mode of the server,
			// of InnoDB or of the table.
			1290, 1792, 1836, 1874, 1036,
			// The server is shutting down, or is offline for this user.
			1053, 1077, 1079, 1080, 3032, 3168,
			// Galera has no quorum. Group replication refuses the change.
			1047, 3098, 3100,
			// The session has ended: it was aborted or killed, or was silent for too
			// long.
			1152, 1184, 1927, 3169, 4031,
			// ProxySQL finds no server.
			9001, 9002,
			// The session's database was dropped.
			1046, 1049);

	/**
	 * The errors of a database that lacks tables, or lacks columns that this version
	 * needs.
	 */
	private static final Set<Integer> NO_TABLES = Set.of(
			// A table is missing, in the server or only in its storage engine. Or a
			// column is missing.
			1146, 1932, 1054);

	/**
	 * The errors of a server that does not know the user, or does not accept the
	 * password.
	 */
	private static final Set<Integer> ACCESS_DENIED = Set.of(1045, 1698);

	private static final int DEADLOCK = 1213;

	private ServerErrors() {
	}

	/**
	 * Whether the failure says that this connection, and so probably others, leads to a
	 * server that does not take writes.
	 */
	static boolean isNoWriter(Throwable failure) {
		return failure instanceof R2dbcException error && NO_WRITER.contains(error.getErrorCode());
	}

	/** Whether the failure says that tables are missing. */
	static boolean isNoTables(Throwable failure) {
		return failure instanceof R2dbcException error && NO_TABLES.contains(error.getErrorCode());
	}

	/** Whether the failure says that the name or the password is wrong. */
	static boolean isAccessDenied(Throwable failure) {
		return failure instanceof R2dbcException error && ACCESS_DENIED.contains(error.getErrorCode());
	}

	/** Whether the server has rolled the statement back. Then it may be sent again. */
	static boolean isRollback(Throwable failure) {
		return failure instanceof R2dbcRollbackException
				|| (failure instanceof R2dbcException error && error.getErrorCode() == DEADLOCK);
	}

}
