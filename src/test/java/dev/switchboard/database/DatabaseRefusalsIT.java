package dev.switchboard.database;

import java.time.Duration;

import dev.switchboard.time.Chance;
import dev.switchboard.time.ManualTime;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static dev.switchboard.database.DatabasePlaceTests.explained;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Checks what an operator reads when a server refuses a node. The server is a MariaDB
 * that asks for passwords and rights.
 */
@ExtendWith(OutputCaptureExtension.class)
class DatabaseRefusalsIT {

	private static final Duration LIMIT = Duration.ofSeconds(30);

	private static final MariaDbServer server = new MariaDbServer();

	private static final String DATABASE = server.createDatabase();

	@BeforeAll
	static void askForRights() {
		server.secure();
		server.run("CREATE USER reader@localhost IDENTIFIED BY 'right'");
		server.run("GRANT SELECT ON " + DATABASE + ".* TO reader@localhost");
	}

	@AfterAll
	static void stopServer() {
		server.stop();
	}

	private static DatabaseSettings settings(String database, String password) {
		return new DatabaseSettings(server.url(database), "reader", password);
	}

	@Test
	void shouldSayThatThePasswordIsWrong() {
		assertThat(explained(settings(DATABASE, "wrong")))
			.startsWith("127.0.0.1:" + server.port() + " does not let in the user reader: wrong name or password")
			.doesNotContain("wrong\"", "\n");
	}

	@Test
	void shouldConnectWithThePasswordThatTookThePlaceOfTheOldOne() {
		server.run("CREATE USER rotated@localhost IDENTIFIED BY 'one'");
		server.run("GRANT SELECT ON " + DATABASE + ".* TO rotated@localhost");
		String[] password = { "one" };
		ManualTime time = new ManualTime();
		ConnectionFactory connections = DatabaseConnections.renewed(
				new DatabaseSettings(server.url(DATABASE), null, null),
				() -> Mono.fromCallable(() -> new DatabaseCredentials("rotated", password[0])), time);
		connect(connections);
		server.run("ALTER USER rotated@localhost IDENTIFIED BY 'two'");
		password[0] = "two";
		time.advance(RenewedConnections.BETWEEN_READINGS);
		connect(connections);
	}

	private static void connect(ConnectionFactory connections) {
		assertThat(Mono.usingWhen(connections.create(), (_) -> Mono.just(true), Connection::close).block(LIMIT))
			.isTrue();
	}

	@Test
	void shouldSayThatThereIsNoSuchDatabase() {
		server.run("GRANT SELECT ON nowhere.* TO reader@localhost");
		assertThat(explained(settings("nowhere", "right")))
			.startsWith("127.0.0.1:" + server.port() + " has no database nowhere");
	}

	@Test
	void shouldSayThatTheUserHasNoRightToTheDatabase() {
		assertThat(explained(settings("mysql", "right")))
			.startsWith("the user reader has no right to the database mysql");
	}

	@Test
	void shouldSayWhichStatementTheUserMayNotRun() {
		assertThat(explained(settings(DATABASE, "right"))).startsWith("the user reader lacks a right in the database")
			.contains("CREATE command denied");
	}

	@Test
	void shouldSayItOnceHoweverOftenItTries(CapturedOutput output) {
		DatabaseSettings settings = settings(DATABASE, "wrong");
		ConnectionFactory connections = DatabaseConnections.of(settings, Chance.SYSTEM);
		long before = server.counter("Access_denied_errors");
		DatabaseOpening opening = new DatabaseOpening(connections, DatabaseConnections.place(settings),
				Schedulers.immediate(), Chance.SYSTEM);
		opening.start();
		await().atMost(LIMIT).until(() -> server.counter("Access_denied_errors") >= before + 3);
		opening.dispose();
		assertThat(output.getAll().lines().filter((line) -> line.contains("does not let in"))).hasSize(1);
	}

}
