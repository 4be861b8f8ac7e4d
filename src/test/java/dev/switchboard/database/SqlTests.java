package dev.switchboard.database;

import java.time.Instant;
import java.util.UUID;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SqlTests {

	@Test
	void shouldPutAStatementInOneLineWithoutItsComments() {
		assertThat(Sql.compact("""
				 SET
				-- How many there are.
				count = 1, -- at least
					name = 'a'
				""")).isEqualTo(" SET count = 1, name = 'a'");
	}

	@Test
	void shouldReadTheIdsThatItWrites() {
		UUID id = UUID.fromString("01234567-89ab-4def-8123-456789abcdef");
		assertThat(Sql.uuid(Sql.bytes(id))).isEqualTo(id);
	}

	@Test
	void shouldReadTheTimesThatItWrites() {
		Instant time = Instant.parse("2031-01-01T00:00:00.123456Z");
		assertThat(Sql.instant(Sql.micros(time))).isEqualTo(time);
	}

}
