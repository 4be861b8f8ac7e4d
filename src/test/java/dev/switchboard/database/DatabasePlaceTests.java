package dev.switchboard.database;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.Exceptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

class DatabasePlaceTests {

	private static final Duration LIMIT = Duration.ofSeconds(30);

	@ParameterizedTest
	@CsvSource({ "127.0.0.1:1, nothing listens at 127.0.0.1:1 (spring.r2dbc.url)",
			"database.invalid:3306, no host has the name in database.invalid:3306 (spring.r2dbc.url)" })
	void shouldNameTheHostThatCannotBeReached(String address, String said) {
		DatabaseSettings settings = new DatabaseSettings("r2dbc:mysql://u:secret@" + address + "/switchboard", null,
				null);
		assertThat(explained(settings)).startsWith(said).doesNotContain("secret", "\n");
	}

	@Test
	void shouldKnowTheDefaultPortAndTheUser() {
		DatabaseSettings settings = new DatabaseSettings("r2dbc:mysql://db/switchboard", "alice", "secret");
		assertThat(DatabaseConnections.place(settings)).isEqualTo(new DatabasePlace("db:3306", "switchboard", "alice"));
	}

	@Test
	void shouldGiveTheFirstLineOfAnyOtherFailure() {
		assertThat(new DatabasePlace("db:3306", "switchboard", "alice").explain(new IllegalStateException("a\nb")))
			.isEqualTo("db:3306 does not answer as a database does: java.lang.IllegalStateException: a");
	}

	static String explained(DatabaseSettings settings) {
		Throwable failure = catchThrowable(() -> Migrations
			.run(DatabaseConnections.at(String.valueOf(settings.url()), settings.username(), settings.password()))
			.block(LIMIT));
		return DatabaseConnections.place(settings).explain(Exceptions.unwrap(failure));
	}

}
