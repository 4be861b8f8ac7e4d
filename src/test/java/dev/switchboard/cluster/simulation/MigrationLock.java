package dev.switchboard.cluster.simulation;

import org.jspecify.annotations.Nullable;

/**
 * The lock of the library for migrations. On a server, the lock ends with the session
 * that holds it. H2 has the lock in a table, where it would outlive the session.
 */
final class MigrationLock {

	private static final String TABLE = "\"schema_version_lock\"";

	private final StoredTables tables;

	private @Nullable DatabaseSession holder;

	MigrationLock(StoredTables tables) {
		this.tables = tables;
	}

	/**
	 * Called before a statement takes effect. If the statement takes the lock of a
	 * session that has ended, frees the lock first.
	 */
	void before(DatabaseSession session, String sql) {
		if (sql.contains(TABLE + " set locked = true")) {
			take(session);
		}
		else if (sql.contains(TABLE + " set locked = false") && this.holder == session) {
			this.holder = null;
		}
	}

	private void take(DatabaseSession session) {
		DatabaseSession before = this.holder;
		if (before != null && (before.isEnded() || !before.run().isAlive())) {
			this.tables.run("UPDATE " + TABLE + " SET locked = FALSE");
			this.holder = null;
		}
		if (this.holder == null) {
			this.holder = session;
		}
	}

}
