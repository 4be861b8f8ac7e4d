package dev.switchboard.database;

import dev.switchboard.time.Chance;
import io.r2dbc.spi.ConnectionFactory;

/** The databases that the directory's tests run on. */
public enum TestDatabase {

	H2 {
		@Override
		public ConnectionFactory create() {
			return DatabaseConnections.embedded(Chance.SYSTEM);
		}
	},

	MARIADB {
		@Override
		public ConnectionFactory create() {
			return MariaDbServer.shared().create();
		}
	};

	/** A new, empty database of this kind. */
	public abstract ConnectionFactory create();

}
