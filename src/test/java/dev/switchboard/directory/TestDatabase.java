package dev.switchboard.directory;

import io.r2dbc.spi.ConnectionFactory;

/** The databases that the directory's tests run on. */
enum TestDatabase {

	H2 {
		@Override
		ConnectionFactory create() {
			return DirectoryConnections.embedded();
		}
	},

	MARIADB {
		@Override
		ConnectionFactory create() {
			return MariaDbServer.shared().create();
		}
	};

	/** A new, empty database of this kind. */
	abstract ConnectionFactory create();

}
