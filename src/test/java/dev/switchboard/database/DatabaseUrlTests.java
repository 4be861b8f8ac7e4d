package dev.switchboard.database;

import dev.switchboard.problem.SettingsRefusedException;
import dev.switchboard.time.Chance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class DatabaseUrlTests {

	@ParameterizedTest
	@ValueSource(strings = { "r2dbc:mysql://db/switchboard", "r2dbcs:mysql://u:secret@db:3307/switchboard",
			"r2dbc:mysql://db.internal:3306/switchboard?sslMode=disabled" })
	void shouldTakeADatabaseOfMySql(String url) {
		assertThat(DatabaseUrl.parse(url)).isNotNull();
	}

	@ParameterizedTest
	@CsvSource({
			"jdbc:mysql://db.internal:3306/switchboard?user=u&password=secret, r2dbc:mysql://db.internal:3306/switchboard",
			"mysql://u:secret@db/switchboard, r2dbc:mysql://db/switchboard",
			"jdbc:mariadb://db/switchboard, r2dbc:mysql://db/switchboard",
			"r2dbc:mariadb://u:secret@db/switchboard, r2dbc:mysql://db/switchboard",
			"r2dbc:postgresql://db/switchboard, r2dbc:mysql://db/switchboard",
			"'jdbc:mysql://address=(host=db)(password=secret)/x', r2dbc:mysql://HOST:3306/DATABASE",
			"db.internal, r2dbc:mysql://HOST:3306/DATABASE",
			"r2dbc:mysql://u:secret@db, r2dbc:mysql://HOST:3306/DATABASE",
			"r2dbc:mysql:///switchboard, r2dbc:mysql://HOST:3306/DATABASE",
			"r2dbc:mysql://u:secret@d b/x, r2dbc:mysql://HOST:3306/DATABASE" })
	void shouldSayHowAnotherUrlIsWritten(String url, String written) {
		assertThatExceptionOfType(SettingsRefusedException.class).isThrownBy(() -> DatabaseUrl.parse(url))
			.satisfies((ex) -> {
				assertThat(ex.getMessage()).startsWith("spring.r2dbc.url ").doesNotContain("secret", "\n");
				assertThat(ex.action()).contains(" " + written + ",").doesNotContain("secret", "\n");
			});
	}

	@Test
	void shouldNameTheSchemeThatItRefuses() {
		assertThatExceptionOfType(SettingsRefusedException.class)
			.isThrownBy(() -> DatabaseUrl.parse("jdbc:mysql://db/switchboard"))
			.withMessage("spring.r2dbc.url begins with jdbc:mysql:, not with r2dbc:mysql:");
	}

	@Test
	void shouldRefuseAnOptionThatTheDriverRefuses() {
		DatabaseSettings settings = new DatabaseSettings("r2dbc:mysql://db/switchboard?sslMode=secret", "u", "p");
		assertThatExceptionOfType(SettingsRefusedException.class)
			.isThrownBy(() -> DatabaseConnections.of(settings, Chance.SYSTEM))
			.withMessageNotContaining("secret");
	}

}
