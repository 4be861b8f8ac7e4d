package dev.switchboard.database;

import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Wrapped;

/** A pool of connections whose lives {@link ConnectionLives} limits. Thread-safe. */
public final class DirectoryPool extends ConnectionPool {

	private final ConnectionLives lives;

	DirectoryPool(ConnectionPoolConfiguration configuration, ConnectionLives lives) {
		super(configuration);
		this.lives = lives;
	}

	/**
	 * Makes all connections end: lent ones when they come back, the others before they
	 * are lent again.
	 */
	void clear() {
		this.lives.endAll();
	}

	/** Makes a lent connection end when it comes back. */
	void end(Connection lent) {
		if (lent instanceof Wrapped<?> pooled && pooled.unwrap() instanceof Connection connection) {
			this.lives.end(connection);
		}
	}

}
