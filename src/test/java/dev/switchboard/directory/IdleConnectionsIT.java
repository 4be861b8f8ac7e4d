package dev.switchboard.directory;

import java.time.Duration;

import dev.switchboard.GatewayProcess;
import dev.switchboard.database.MariaDbServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

@DisplayName("A database that closes idle connections")
class IdleConnectionsIT {

	/**
	 * A lease with heartbeats every 4 s. The server closes a connection that is idle for
	 * 1 s.
	 */
	private static final String LEASE = "12s";

	@Test
	@DisplayName("between heartbeats | no warning, no failed statement")
	void shouldNotBeWarnedOf() throws Exception {
		MariaDbServer database = new MariaDbServer("--wait-timeout=1", "--interactive-timeout=1");
		try (GatewayProcess node = GatewayProcess.start("spring.r2dbc.url=" + database.url(database.createDatabase()),
				"spring.r2dbc.username=root", "switchboard.node.lease=" + LEASE)) {
			long before = database.counter("Aborted_clients");
			Awaitility.await()
				.atMost(Duration.ofMinutes(1))
				.until(() -> database.counter("Aborted_clients") >= before + 4);
			assertThat(node.log().lines()).noneMatch((line) -> line.contains(" WARN ") || line.contains(" ERROR "));
		}
		finally {
			database.stop();
		}
	}

}
