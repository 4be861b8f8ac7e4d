package dev.switchboard.directory;

import dev.switchboard.database.DirectoryConnections;

import io.r2dbc.spi.ConnectionFactory;

/** The databases that the directory's tests run on. */
public enum TestDatabase {

	H2 {
		@Override
		public ConnectionFactory create() {
			return DirectoryConnections.embedded();
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
