package dev.switchboard.api;

import dev.switchboard.label.Selector;
import dev.switchboard.problem.ProblemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class AgentQueryTests {

	@Test
	void shouldAskForAgentsThatAreOnlineOrNot() {
		assertThat(AgentQuery.of(null, "online", "100", null)).isEqualTo(new AgentQuery(Selector.ALL, true, 100, null));
		assertThat(AgentQuery.of(null, "offline", "100", null))
			.isEqualTo(new AgentQuery(Selector.ALL, false, 100, null));
		assertThat(AgentQuery.of(null, null, "100", null)).isEqualTo(new AgentQuery(Selector.ALL, null, 100, null));
	}

	@Test
	void shouldReadASelector() {
		assertThat(AgentQuery.of("env=prod", null, "1", null).selector()).isEqualTo(Selector.parse("env=prod"));
	}

	@Test
	void shouldSayWhereASelectorIsWrong() {
		assertInvalid("selector: name of a label expected at position 5",
				() -> AgentQuery.of("env,=prod", null, "1", null));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "Online", "all" })
	void shouldRefuseAnotherStatus(String status) {
		assertInvalid("status", () -> AgentQuery.of(null, status, "1", null));
	}

	@Test
	void shouldTakeALimitInRange() {
		assertThat(AgentQuery.of(null, null, "1", null).limit()).isEqualTo(1);
		assertThat(AgentQuery.of(null, null, "1000", null).limit()).isEqualTo(1000);
	}

	@ParameterizedTest
	@ValueSource(strings = { "0", "1001", "-1", "ten", "", "99999999999" })
	void shouldRefuseALimitOutOfRange(String limit) {
		assertInvalid("limit", () -> AgentQuery.of(null, null, limit, null));
	}

	@Test
	void shouldGoOnWhereACursorPoints() {
		String cursor = AgentQuery.cursor("laptop-1");
		assertThat(cursor).doesNotContain("laptop", "=");
		assertThat(AgentQuery.of(null, null, "1", cursor).after()).isEqualTo("laptop-1");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "?", "YSBi", "w6Q" })
	void shouldRefuseACursorThatItNeverGave(String cursor) {
		assertInvalid("cursor", () -> AgentQuery.of(null, null, "1", cursor));
	}

	private static void assertInvalid(String name, Runnable reading) {
		assertThatExceptionOfType(ProblemException.class).isThrownBy(reading::run).withMessageStartingWith(name);
	}

}
