package dev.switchboard.database;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import dev.switchboard.time.Chance;
import dev.switchboard.time.ManualTime;
import io.r2dbc.spi.Connection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

/** A pool of connections to H2, whose time a test moves. */
class ConnectionLivesTests {

	private static final Duration LIMIT = Duration.ofSeconds(30);

	private static final Duration MOMENT = Duration.ofSeconds(1);

	private final ManualTime time = new ManualTime();

	private final DirectoryPool pool = DatabaseConnections.pool(DatabaseConnections.embedded(Chance.SYSTEM), 8,
			this.time, Chance.SYSTEM);

	ConnectionLivesTests() {
		this.time.advance(MOMENT);
	}

	@AfterEach
	void close() {
		this.pool.disposeLater().block(LIMIT);
	}

	private Connection lend() {
		return this.pool.create().blockOptional(LIMIT).orElseThrow();
	}

	private static void giveBack(Connection connection) {
		Mono.from(connection.close()).block(LIMIT);
	}

	/**
	 * Returns the id of a connection's session in the database, which identifies the
	 * connection.
	 */
	private static long session(Connection connection) {
		return Sql.select(connection, "SELECT CAST(SESSION_ID() AS BIGINT) AS id", (row) -> Sql.number(row, "id"))
			.blockOptional(LIMIT)
			.orElseThrow()
			.getFirst();
	}

	/** Returns the id of the session of the connection that the pool lends next. */
	private long next() {
		Connection connection = lend();
		long session = session(connection);
		giveBack(connection);
		return session;
	}

	@Test
	void shouldLendAConnectionAgain() {
		assertThat(next()).isEqualTo(next());
	}

	@Test
	void shouldEndAConnectionThatWasNotUsed() {
		long first = next();
		this.time.advance(ConnectionLives.LONGEST_IDLE.plus(MOMENT));
		assertThat(next()).isNotEqualTo(first);
	}

	@Test
	void shouldEndAConnectionThatIsAlwaysUsed() {
		long first = next();
		Duration step = ConnectionLives.LONGEST_IDLE.dividedBy(2);
		Duration longest = ConnectionLives.LONGEST.plus(ConnectionLives.LONGEST.dividedBy(2));
		for (Duration lived = Duration.ZERO; lived.compareTo(longest) < 0; lived = lived.plus(step)) {
			this.time.advance(step);
			next();
		}
		assertThat(next()).isNotEqualTo(first);
	}

	@Test
	void shouldNotEndConnectionsTogetherThatWereMadeTogether() {
		List<Connection> lent = Stream.generate(this::lend).limit(8).toList();
		List<Long> sessions = lent.stream().map(ConnectionLivesTests::session).toList();
		this.time.advance(ConnectionLives.LONGEST);
		lent.forEach(ConnectionLivesTests::giveBack);
		List<Connection> again = Stream.generate(this::lend).limit(8).toList();
		assertThat(again).extracting(ConnectionLivesTests::session)
			.doesNotContainSequence(sessions)
			.satisfies((now) -> assertThat(now).filteredOn(sessions::contains).isNotEmpty().hasSizeLessThan(8));
		again.forEach(ConnectionLivesTests::giveBack);
	}

	@Test
	void shouldEndEveryConnectionThatIsOpenWhenItIsCleared() {
		Connection lent = lend();
		long first = session(lent);
		long second = next();
		this.pool.clear();
		giveBack(lent);
		this.time.advance(MOMENT);
		assertThat(next()).isNotIn(first, second);
	}

	@Test
	void shouldKeepNewConnectionsWhileEveryWriteFails() {
		this.pool.clear();
		this.time.advance(Duration.ofMillis(10));
		long made = next();
		this.pool.clear();
		assertThat(next()).isEqualTo(made);
		this.time.advance(ConnectionLives.BETWEEN_CLEARINGS);
		this.pool.clear();
		this.time.advance(Duration.ofMillis(10));
		assertThat(next()).isNotEqualTo(made);
	}

	@Test
	void shouldEndOneConnection() {
		Connection lent = lend();
		long first = session(lent);
		this.pool.end(lent);
		giveBack(lent);
		assertThat(next()).isNotEqualTo(first);
	}

}
