package dev.switchboard.directory;

import java.util.UUID;

import io.r2dbc.spi.ConnectionFactory;
import reactor.core.publisher.Mono;

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
			MariaDbServer server = MariaDbServer.shared();
			String name = "t" + UUID.randomUUID().toString().replace("-", "");
			Mono.usingWhen(DirectoryConnections.at(server.url(""), "root", "").create(),
					(connection) -> Sql.update(connection, "CREATE DATABASE " + name),
					(connection) -> connection.close())
				.block();
			return DirectoryConnections.at(server.url(name), "root", "");
		}
	};

	/** A new, empty database of this kind. */
	abstract ConnectionFactory create();

}
