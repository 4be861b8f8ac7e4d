package dev.switchboard.contract;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.switchboard.GatewayProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Debian's slowhttptest against all ports, beside a well-behaved tenant. Needs Debian's
 * slowhttptest: {@code mvn -Pdebian verify}.
 */
@Tag("debian")
@DisplayName("slowhttptest, beside a neighbour whose calls go on")
class SlowHttpIT {

	private static final int CONNECTIONS = 400;

	@SuppressWarnings("NullAway.Init")
	private static GatewayProcess gateway;

	@SuppressWarnings("NullAway.Init")
	private static Neighbour neighbour;

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path folder;

	@BeforeAll
	static void start() throws Exception {
		gateway = GatewayProcess.start("switchboard.listener.head-timeout=3s", "switchboard.listener.body-timeout=3s",
				"switchboard.listener.stall-timeout=3s", "switchboard.agent.handshake-timeout=3s");
		neighbour = new Neighbour(gateway);
	}

	@AfterAll
	static void stop() throws Exception {
		neighbour.close();
		gateway.close();
	}

	@AfterEach
	void assertUndisturbed() {
		neighbour.assertUndisturbed();
	}

	@ParameterizedTest(name = "{0} against {1}")
	@CsvSource({ "-H, api", "-B, api", "-X, api", "-H, management", "-B, management", "-X, management", "-H, agent",
			"-B, agent", "-X, agent", "-H, forwarding", "-B, forwarding", "-X, forwarding" })
	@DisplayName("its attacks: slow heads, slow bodies, slow readers")
	void shouldServeOthers(String attack, String port) throws Exception {
		Process process = new ProcessBuilder(command(attack, url(port))).directory(this.folder.toFile())
			.redirectErrorStream(true)
			.redirectOutput(this.folder.resolve("output").toFile())
			.start();
		try {
			while (process.isAlive()) {
				neighbour.assertUndisturbed();
				assertThat(gateway.readiness()).isEqualTo(200);
			}
			assertThat(process.waitFor(1, TimeUnit.SECONDS)).isTrue();
			assertThat(this.folder.resolve("output")).content().contains("slowhttptest version");
		}
		finally {
			process.destroyForcibly();
		}
	}

	private static List<String> command(String attack, String url) {
		List<String> command = new ArrayList<>(List.of("slowhttptest", attack, "-u", url, "-c",
				Integer.toString(CONNECTIONS), "-r", "200", "-l", "12", "-p", "2"));
		List<String> more = switch (attack) {
			case "-H" -> List.of("-i", "1", "-x", "24");
			case "-B" -> List.of("-i", "1", "-x", "10", "-s", "8192");
			default -> List.of("-w", "1", "-y", "2", "-n", "1", "-z", "1", "-k", "3");
		};
		command.addAll(more);
		return command;
	}

	private static String url(String port) {
		return "http://127.0.0.1:" + switch (port) {
			case "api" -> gateway.apiPort() + "/openapi.yaml";
			case "management" -> gateway.managementPort() + "/actuator/prometheus";
			case "agent" -> gateway.agentPort() + "/v1/connect";
			default -> gateway.forwardingPort() + "/";
		};
	}

}
