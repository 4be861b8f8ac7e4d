package dev.switchboard.node;

import java.time.Duration;
import java.time.Instant;

import dev.switchboard.protocol.TestIds;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class NodeRecordTests {

	@ParameterizedTest
	@CsvSource({ "10.0.0.1, 10.0.0.1:8070", "node-1.internal, node-1.internal:8070", "fd00::1, [fd00::1]:8070",
			"FD00:0:0:0:0:0:0:1, [fd00::1]:8070" })
	void shouldShowItsAddressInOneForm(String host, String address) {
		assertThat(new NodeRecord(TestIds.node(), host, 8070, null, NodeState.UP, 0, 1, Instant.EPOCH,
				Duration.ofSeconds(15))
			.address()).isEqualTo(address);
	}

}
