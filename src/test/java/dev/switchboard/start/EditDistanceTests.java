package dev.switchboard.start;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class EditDistanceTests {

	@ParameterizedTest
	@CsvSource({ "heartbeat, heartbeat, 0", "heartbeet, heartbeat, 1", "hearbeat, heartbeat, 1",
			"heartbeeat, heartbeat, 1", "heatrbeat, heartbeat, 1", "kitten, sitting, 3", "'', port, 4" })
	void shouldCountInsertionsDeletionsReplacementsAndSwaps(String from, String to, int distance) {
		assertThat(EditDistance.between(from, to)).isEqualTo(distance);
		assertThat(EditDistance.between(to, from)).isEqualTo(distance);
	}

	@Test
	void shouldFindTheNearest() {
		assertThat(EditDistance.nearest("simulater", List.of("token", "simulator", "simulate")))
			.hasValueSatisfying((word) -> assertThat(word).startsWith("simulat"));
		assertThat(EditDistance.nearest("server.prot", List.of("server.port", "server.ssl"))).hasValue("server.port");
	}

	@Test
	void shouldFindNothingInOtherWords() {
		assertThat(EditDistance.nearest("reticulate", List.of("server.port", "token"))).isEmpty();
		assertThat(EditDistance.nearest("port", List.of())).isEmpty();
	}

}
