package dev.switchboard;

import java.time.Duration;
import java.util.UUID;

import dev.switchboard.database.DatabaseSettings;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.security.SecuritySettings;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

class StartReportTests {

	private static final NodeId NODE = new NodeId(new UUID(1, 2));

	private final MockEnvironment environment = new MockEnvironment().withProperty("local.server.port", "8080")
		.withProperty("local.management.port", "9090");

	@Test
	void shouldSayModeDirectoryNodeAndPorts() {
		this.environment.withProperty("server.address", "127.0.0.1")
			.withProperty("switchboard.agent.address", "127.0.0.1")
			.withProperty("switchboard.forwarding.address", "127.0.0.1")
			.withProperty("management.server.address", "127.0.0.1");

		assertThat(report(SecuritySettings.Mode.DEV, null, 8070)).isEqualTo("""
				Node 00000000-0000-0001-0000-000000000002 is ready after 3.2 s, in dev mode
				    directory   in the memory of this node, the only one
				    API         http://127.0.0.1:8080, described at http://127.0.0.1:8080/docs
				    agents      ws://127.0.0.1:8090/v1/connect
				    nodes       127.0.0.1:8070
				    management  http://127.0.0.1:9090/actuator""");
	}

	@Test
	void shouldSayWhereASharedDirectoryIsAndNotHowToGetIn() {
		String report = report(SecuritySettings.Mode.JWT, "r2dbc:mysql://root:secret@db.example:3307/switchboard",
				8070);

		assertThat(report)
			.contains("in jwt mode", "mysql at db.example, database switchboard", "http://localhost:8080/docs")
			.doesNotContain("secret", "root");
	}

	@Test
	void shouldSayThatOtherNodesCannotReachIt() {
		assertThat(report(SecuritySettings.Mode.JWT, null, 0)).contains("nodes       none, since");
	}

	@Test
	void shouldBracketAnAddressOfIpVersion6() {
		this.environment.withProperty("server.address", "::1");

		assertThat(report(SecuritySettings.Mode.DEV, null, 8070)).contains("http://[::1]:8080/docs");
	}

	private String report(SecuritySettings.Mode mode, @Nullable String directory, int forwardingPort) {
		return new StartReport(NODE,
				new SecuritySettings(mode, "tenant", Duration.ofHours(24), Duration.ofSeconds(30),
						Duration.ofHours(24)),
				new DatabaseSettings(directory, null, null), () -> 8090, () -> forwardingPort)
			.text(this.environment, 3.21);
	}

}
