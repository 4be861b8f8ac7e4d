package dev.switchboard.contract;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import dev.switchboard.FreePorts;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Runs the jar as a person does who sees it for the first time: {@code java -jar}. */
@DisplayName("java -jar switchboard.jar")
class FirstUseIT {

	private static final String[] ANY_PORTS = { "--server.port=0", "--switchboard.agent.port=0",
			"--management.server.port=0", "--switchboard.forwarding.port=0" };

	@TempDir
	private Path folder;

	@Test
	@DisplayName("a start without flags | says what it is and where, and nothing else")
	void shouldSayOnlyWhatIsOfUseWhenItStarts() throws Exception {
		Path log = this.folder.resolve("log");
		Process node = command(Map.of(), ANY_PORTS).redirectOutput(log.toFile()).start();
		try {
			Awaitility.await().atMost(Duration.ofMinutes(3)).until(() -> Files.readString(log).contains("/actuator"));
		}
		finally {
			node.destroy();
		}
		assertThat(Files.readString(log).lines().limit(6)).satisfiesExactly(
				(line) -> assertThat(line).containsPattern("Node \\S{36} is ready after .* in dev mode"),
				(line) -> assertThat(line).contains("directory", "memory"),
				(line) -> assertThat(line)
					.containsPattern("API +http://127.0.0.1:\\d+, described at http://127.0.0.1:\\d+/docs"),
				(line) -> assertThat(line).containsPattern("agents +ws://127.0.0.1:\\d+/v1/connect"),
				(line) -> assertThat(line).containsPattern("nodes +127.0.0.1:\\d+"),
				(line) -> assertThat(line).containsPattern("management +http://127.0.0.1:\\d+/actuator"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "server", "switchboard.agent", "management.server", "switchboard.forwarding" })
	@DisplayName("a port that is taken | one line: which, by which setting, and what to do")
	void shouldSayInOneLineWhichPortIsTaken(String listener) throws Exception {
		try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			String[] ports = Arrays.stream(ANY_PORTS)
				.map((option) -> option.equals("--" + listener + ".port=0")
						? option.replace("=0", "=" + other.getLocalPort()) : option)
				.toArray(String[]::new);
			Ended ended = run(Map.of(), ports);
			assertThat(ended.status).isOne();
			assertThat(ended.output.lines()).hasSize(1)
				.allSatisfy((line) -> assertThat(line).contains("ERROR",
						"Port " + other.getLocalPort() + " (" + listener + ".port) is in use already.",
						"set " + listener + ".port to another one."));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "--server.address=192.0.2.1", "--switchboard.agent.address=192.0.2.1" })
	@DisplayName("an address of another machine | one line: which setting, and what to do")
	void shouldSayInOneLineThatAnAddressIsNotOfThisMachine(String option) throws Exception {
		Ended ended = run(Map.of("SWITCHBOARD_DEV_BINDALL", "true"), option, "--server.port=" + FreePorts.next(),
				"--switchboard.agent.port=0", "--management.server.port=0", "--switchboard.forwarding.port=0");
		assertThat(ended.status).isOne();
		assertThat(ended.output.lines()).hasSize(1)
			.allSatisfy((line) -> assertThat(line).contains(option.substring(2, option.indexOf('=')), "remove it"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "--help", "--version", "simulator --help", "token --help" })
	@DisplayName("a question | is answered, and no node starts")
	void shouldAnswerAQuestion(String question) throws Exception {
		Ended ended = run(Map.of(), question.split(" "));
		assertThat(ended.status).as(ended.output).isZero();
		assertThat(ended.output).containsAnyOf("Usage:", "switchboard ").doesNotContain("WARNING");
	}

	@ParameterizedTest
	@CsvSource({ "simulater, 2, simulator", "--verison, 2, --version",
			"--switchboard.agent.heartbeet=5s, 1, switchboard.agent.heartbeat", "--server.prot=0, 1, server.port" })
	@DisplayName("something misspelt | refused, with what was meant")
	void shouldRefuseWhatIsMisspelt(String wrong, int status, String meant) throws Exception {
		Ended ended = run(Map.of(), wrong);
		assertThat(ended.status).as(ended.output).isEqualTo(status);
		assertThat(ended.output).contains(wrong.replaceFirst("^--", "").replaceFirst("=.*", ""), meant)
			.doesNotContain("\tat ");
	}

	@Test
	@DisplayName("a misspelt setting in the environment, or in a file | refused, with what was meant")
	void shouldRefuseMisspeltSettingsWhereverTheyAre() throws Exception {
		Ended variable = run(Map.of("SWITCHBOARD_AGENT_HEARTBEET", "5s"), ANY_PORTS);
		assertThat(variable.status).isOne();
		assertThat(variable.output.lines()).hasSize(1)
			.allSatisfy((line) -> assertThat(line).contains("did you mean SWITCHBOARD_AGENT_HEARTBEAT?"));

		Files.writeString(this.folder.resolve("application.yaml"), "switchboard.agent.heartbeet: 5s\n");
		Ended file = run(Map.of(), ANY_PORTS);
		assertThat(file.status).isOne();
		assertThat(file.output.lines()).hasSize(1)
			.allSatisfy((line) -> assertThat(line).contains("application.yaml",
					"did you mean switchboard.agent.heartbeat?"));
	}

	private Ended run(Map<String, String> variables, String... args) throws Exception {
		Process process = command(variables, args).start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
		return new Ended(process.exitValue(), output);
	}

	private ProcessBuilder command(Map<String, String> variables, String... args) throws IOException {
		Path jar = Path.of(System.getProperty("switchboard.jar", "target/switchboard.jar")).toRealPath();
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar", jar.toString()));
		command.addAll(List.of(args));
		ProcessBuilder builder = new ProcessBuilder(command).directory(this.folder.toFile()).redirectErrorStream(true);
		builder.environment().putAll(variables);
		return builder;
	}

	private record Ended(int status, String output) {
	}

}
