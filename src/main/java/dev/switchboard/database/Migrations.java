package dev.switchboard.database;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Stream;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ValidationDepth;
import name.nkonev.r2dbc.migrate.core.BunchOfResourcesEntry;
import name.nkonev.r2dbc.migrate.core.Dialect;
import name.nkonev.r2dbc.migrate.core.R2dbcMigrate;
import name.nkonev.r2dbc.migrate.core.R2dbcMigrateProperties;
import name.nkonev.r2dbc.migrate.reader.MigrateResource;
import reactor.core.publisher.Mono;

import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/**
 * Makes and changes the tables as this version needs them. It runs the files in {@code
 * db/migration} and in its subfolder for the database's dialect. Each file is run once.
 * Only one node runs files at a time, under a lock. A file must not change after it is on
 * the main branch, since databases may have run it. Each file can be run again without
 * harm. Some dialects lack statements that can be repeated; for example, MySQL has no
 * {@code ADD COLUMN IF NOT EXISTS}. Then the file has one statement in each line, and the
 * statements first look whether the change is needed.
 */
final class Migrations {

	private static final String FILES = "classpath*:db/migration/";

	/** The table of the files that were run. */
	private static final String FILES_RUN = "schema_version";

	/**
	 * How often the library tries to take the lock, once a second, before a new
	 * connection is made. It makes all tries on one connection, which may have ended. By
	 * default it makes 100.
	 */
	private static final int LOCK_TRIES = 5;

	private Migrations() {
	}

	/**
	 * Runs the files that have not been run yet. If a file needs a table that is gone,
	 * runs all files again, as {@link #again} does.
	 * @param connections makes connections that are not pooled: the lock belongs to a
	 * connection's session, and is free only when that session ends
	 */
	static Mono<Void> run(ConnectionFactory connections) {
		return answers(connections).then(migrate(connections))
			.onErrorResume(ServerErrors::isNoTables, (_) -> again(connections));
	}

	/**
	 * Runs all files again, as in an empty database. This repairs a database that has
	 * lost tables, but still has the table of files that were run. A file whose change is
	 * already there does nothing.
	 */
	static Mono<Void> again(ConnectionFactory connections) {
		return answers(connections).then(forget(connections)).then(migrate(connections));
	}

	private static Mono<Void> migrate(ConnectionFactory connections) {
		return Mono
			.defer(() -> R2dbcMigrate.migrate(connections, properties(connections), Migrations::files, null, null));
	}

	private static Mono<Void> forget(ConnectionFactory connections) {
		return Mono
			.usingWhen(connections.create(), (connection) -> Sql.update(connection, "DELETE FROM " + FILES_RUN),
					Connection::close)
			.onErrorComplete(ServerErrors::isNoTables)
			.then();
	}

	/**
	 * Checks that the database answers. If not, the result is an error, and nothing is
	 * logged. The migration library would log a stack trace.
	 */
	private static Mono<Void> answers(ConnectionFactory connections) {
		return Mono
			.usingWhen(connections.create(), (connection) -> Mono.from(connection.validate(ValidationDepth.REMOTE)),
					Connection::close)
			.then();
	}

	private static R2dbcMigrateProperties properties(ConnectionFactory connections) {
		R2dbcMigrateProperties properties = new R2dbcMigrateProperties();
		properties.setWaitForDatabase(false);
		properties.setMigrationsTable(FILES_RUN);
		properties.setMigrationsLockTable("schema_version_lock");
		properties.setAcquireLockMaxRetries(LOCK_TRIES);
		boolean h2 = "H2".equals(connections.getMetadata().getName());
		// By default the library guesses the dialect from the server's version comment,
		// which may be any text.
		properties.setDialect(h2 ? Dialect.H2 : Dialect.MYSQL);
		properties.setResources(List.of(BunchOfResourcesEntry.ofConventionallyNamedFiles(FILES + "*.sql",
				FILES + (h2 ? "h2" : "mysql") + "/*.sql")));
		return properties;
	}

	private static List<MigrateResource> files(String pattern) {
		try {
			return Stream.of(new PathMatchingResourcePatternResolver().getResources(pattern))
				.<MigrateResource>map(File::new)
				.toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private record File(Resource resource) implements MigrateResource {

		@Override
		public boolean isReadable() {
			return this.resource.isReadable();
		}

		@Override
		public InputStream getInputStream() throws IOException {
			return this.resource.getInputStream();
		}

		@Override
		public String getFilename() {
			return String.valueOf(this.resource.getFilename());
		}

	}

}
