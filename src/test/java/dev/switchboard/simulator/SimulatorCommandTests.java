package dev.switchboard.simulator;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.switchboard.simulator.agents.AgentOptions;
import dev.switchboard.simulator.agents.Answers;
import dev.switchboard.simulator.agents.ScriptedGateway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class SimulatorCommandTests {

	@Test
	void shouldReadItsOptions() {
		AgentOptions options = options("--agents=10", "--url=ws://127.0.0.1:9/other", "--first=100", "--tenant=t",
				"--prefix=p-", "--token=x", "--source-addresses=3", "--answer-delay-millis=5-20");
		assertThat(options.urls).containsExactly(URI.create("ws://127.0.0.1:9/other"));
		assertThat(options.agentId(2)).hasToString("t/p-102");
		assertThat(options.token(2)).isEqualTo("x");
		assertThat(options.source(4)).hasToString("/127.0.0.2:0");
		assertThat(options.answers).isEqualTo(new Answers(5, 20));
		assertThat(options.reconnect).isFalse();
	}

	@Test
	void shouldLeaveTheSourceAddressToTheKernelAndThePathToTheContract() {
		AgentOptions options = options("--agents=1");
		assertThat(options.source(0)).isNull();
		assertThat(options.urls).containsExactly(URI.create("ws://127.0.0.1:8090"));
		assertThat(options.answers.drawMicros()).isZero();
	}

	@ParameterizedTest
	@ValueSource(strings = { "--url=wss://127.0.0.1:8090", "--url=ws://127.0.0.1", "--rate=0", "--threads=0",
			"--source-addresses=255", "--answer-delay-millis=9-5", "--answer-delay-millis=soon", "--tenant=.",
			"--first=-1", "--token-file=/nowhere", "--agents=many", "--events-per-second=-1",
			"--events-per-second=many", "--event-bytes=1", "--event-bytes=200001", "--event-subject=",
			"--event-subject=é", "--remember-pushes=0" })
	void shouldRefuseWhatItCannotFollow(String option) {
		assertThat(CommandOutput.of("--agents=1", option, "--duration=1").status()).isEqualTo(2);
	}

	@Test
	void shouldRefuseToStartWithoutAgents() {
		assertThat(CommandOutput.of().err()).contains("--agents is missing");
	}

	@Test
	void shouldRefuseATokenFileThatIsTooShort(@TempDir Path directory) throws Exception {
		Path tokens = Files.writeString(directory.resolve("tokens"), "one\n");
		AgentOptions options = CommandLine.populateCommand(new AgentOptions(), "--agents=2", "--token-file=" + tokens);
		assertThatIllegalArgumentException().isThrownBy(options::prepare);
	}

	@Test
	void shouldShowProgressAndEndWell() {
		try (ScriptedGateway gateway = ScriptedGateway.sendingFrames(ScriptedGateway.welcome())) {
			CommandOutput output = CommandOutput.of("--agents=2", "--url=" + gateway.url(), "--duration=2",
					"--server-pid=" + ProcessHandle.current().pid());
			assertThat(output.out()).contains("   1 s: connected ")
				.containsPattern(
						"connected 2 in \\d+\\.\\d\\d s \\(\\d+ a second\\); CPU µs each: own .*, server .*; server RSS ")
				.contains("at the end: connected 2, connecting 0, failed 0, closed 0")
				.contains("closed: connected 0, connecting 0, failed 0, closed 2 (1000: 2)");
			assertThat(output.status()).isZero();
		}
	}

	@ParameterizedTest
	@CsvSource({ "--events-per-second=-1, --events-per-second must be 0 to 1000000",
			"--event-bytes=1, --event-bytes must be 2 to 200000",
			"--event-subject=é, --event-subject must be 1 to 256 printable ASCII characters",
			"--remember-pushes=0, --remember-pushes must be positive" })
	void shouldSayWhichOptionIsWrong(String option, String message) {
		assertThat(CommandOutput.of("--agents=1", option, "--duration=1").err()).contains(message);
	}

	@Test
	void shouldReportItsEvents() {
		try (ScriptedGateway gateway = ScriptedGateway.sendingFrames(ScriptedGateway.welcome())) {
			CommandOutput output = CommandOutput.of("--agents=1", "--url=" + gateway.url(), "--duration=2",
					"--events-per-second=10");
			assertThat(output.out()).contains(", 0 events a second")
				.containsPattern("events: 0 of [1-9]\\d* acknowledged");
		}
	}

	@Test
	void shouldEndBadlyIfAgentsAreMissing() {
		try (ScriptedGateway gateway = ScriptedGateway.sending((out) -> out.sendClose(4502, "disabled"))) {
			CommandOutput output = CommandOutput.of("--agents=1", "--url=" + gateway.url(), "--duration=1");
			assertThat(output.status()).isOne();
			assertThat(output.out()).contains("closed 1 (4502: 1)");
		}
	}

	private static AgentOptions options(String... args) {
		AgentOptions options = CommandLine.populateCommand(new AgentOptions(), args);
		options.prepare();
		return options;
	}

}
