package dev.switchboard.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;

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
 * A MariaDB server on loopback, from the test dependencies; with
 * {@code -Dswitchboard.database=mysql} it is MySQL 8. One is shared by the tests of a JVM
 * and stops with it; a test that harms its server starts its own.
 */
public final class MariaDbServer {

	private static final boolean MYSQL = "mysql".equals(System.getProperty("switchboard.database"));

	private static final Duration LIMIT = Duration.ofSeconds(30);

	private static final class Shared {

		private static final MariaDbServer INSTANCE = new MariaDbServer();

	}

	private final ServerProcess process;

	private final int port = FreePorts.next();

	private boolean running;

	private boolean secured;

	private @Nullable Path clock;

	/** Starts a server, with options of its own beside those that all have. */
	public MariaDbServer(String... options) {
		this(false, options);
	}

	private MariaDbServer(boolean withClock, String... options) {
		try {
			Path base = Files.createTempDirectory("switchboard-database");
			if (withClock) {
				this.clock = Files.writeString(base.resolve("clock"), "+0");
			}
			this.process = MYSQL ? new MySqlProcess(base, this.port, List.of(options))
					: MariaDbProcess.prepare(base, this.port, this.clock, List.of(options));
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

	/** Sets the server's clock to the machine's time plus this duration. */
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
			this.process.stop();
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
	 * Makes the server ask for passwords and rights from now on. Root keeps all rights
	 * and needs no password. MySQL asks for them from the beginning.
	 */
	public void secure() {
		if (!MYSQL) {
			query((connection) -> Sql.update(connection, "FLUSH PRIVILEGES")
				.then(Sql.update(connection,
						"ALTER USER root@localhost IDENTIFIED VIA mysql_native_password USING PASSWORD('')")));
			this.secured = true;
		}
	}

	/**
	 * Creates a user without a password, who has all rights in one database, and no
	 * others. A server that does not ask for rights takes any user.
	 */
	public void createUser(String name, String database) {
		if (MYSQL || this.secured) {
			run("CREATE USER IF NOT EXISTS " + name + "@localhost");
			run("GRANT ALL ON " + database + ".* TO " + name + "@localhost");
		}
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
		if (!this.running) {
			this.process.start();
			this.running = true;
		}
	}

	/** Stops it; its port refuses. */
	public void stop() {
		this.process.stop();
		this.running = false;
	}

}
