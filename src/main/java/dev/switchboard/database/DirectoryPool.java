package dev.switchboard.database;

import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Wrapped;

/** A pool of connections that {@link ConnectionLives} ends. Thread-safe. */
public final class DirectoryPool extends ConnectionPool {

	private final ConnectionLives lives;

	DirectoryPool(ConnectionPoolConfiguration configuration, ConnectionLives lives) {
		super(configuration);
		this.lives = lives;
	}

	/**
	 * Ends every connection: those that are lent when they come back, the others before
	 * they are lent.
	 */
	void clear() {
		this.lives.endAll();
	}

	/** Ends a connection that this pool has lent, once it comes back. */
	void end(Connection lent) {
		if (lent instanceof Wrapped<?> pooled && pooled.unwrap() instanceof Connection connection) {
			this.lives.end(connection);
		}
	}

}
