package dev.switchboard.start;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import dev.switchboard.problem.SettingsRefusedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.FileSystemResource;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class UnknownSettingsTests {

	private final UnknownSettings settings = new UnknownSettings(new SettingNames(
			List.of("switchboard.agent.heartbeat", "switchboard.agent.port", "switchboard.dev.sample-agents",
					"switchboard.security.mode", "server.port", "spring.config.location", "logging.level")));

	@ParameterizedTest
	@CsvSource({ "switchboard.agent.heartbeet, switchboard.agent.heartbeat",
			"switchboard.agnet.port, switchboard.agent.port", "switchboard.security.mod, switchboard.security.mode",
			"switchboard.dev.sampleagent, switchboard.dev.sample-agents", "server.prot, server.port",
			"swichboard.agent.port, switchboard.agent.port", "port, server.port" })
	void shouldRefuseAMisspeltOptionAndNameTheRightOne(String wrong, String right) {
		assertRefused(options("--" + wrong + "=1"),
				"There is no setting " + wrong + " (on the command line): did you mean " + right + "?");
	}

	@Test
	void shouldRefuseAnOptionThatIsLikeNone() {
		assertRefused(options("--switchboard.agent.cheese=1"),
				"There is no setting switchboard.agent.cheese (on the command line).");
		assertRefused(options("--reticulate=1"), "There is no setting reticulate (on the command line).");
	}

	/** A misspelt variable must be named, unlike in eclipse-mosquitto/mosquitto#483. */
	@ParameterizedTest
	@CsvSource({ "SWITCHBOARD_AGENT_HEARTBEET, SWITCHBOARD_AGENT_HEARTBEAT", "SWITCHBORD_AGENT_PORT, ",
			"SWITCHBOARD_AGNET_PORT, SWITCHBOARD_AGENT_PORT" })
	void shouldRefuseAMisspeltVariable(String wrong, String right) {
		if (right == null) {
			assertTaken(variables(Map.of(wrong, "1")));
		}
		else {
			assertRefused(variables(Map.of(wrong, "1")),
					"There is no setting " + wrong + " (in the environment): did you mean " + right + "?");
		}
	}

	@Test
	void shouldRefuseAMisspeltSettingInAFile(@TempDir Path directory) throws IOException {
		Path file = Files.writeString(directory.resolve("application.yaml"),
				"switchboard:\n  agent:\n    port: 1\n    heartbeet: 5s\n");
		PropertySource<?> source = new YamlPropertySourceLoader().load("the file", new FileSystemResource(file))
			.getFirst();
		assertRefused(source,
				"There is no setting switchboard.agent.heartbeet (in the file): did you mean switchboard.agent.heartbeat?");
	}

	@Test
	void shouldNameAllThatAreWrong() {
		assertRefused(options("--switchboard.agent.prot=1", "--switchboard.agent.heart=2"),
				"There is no setting switchboard.agent.heart (on the command line): did you mean"
						+ " switchboard.agent.heartbeat? There is no setting switchboard.agent.prot (on the command line):"
						+ " did you mean switchboard.agent.port?");
	}

	@Test
	void shouldTakeSettingsHoweverTheyAreWritten() {
		assertTaken(options("--switchboard.agent.port=1", "--switchboard.dev.sampleAgents=1", "--server.port=1",
				"--logging.level.root=info", "--my.own.thing=1"));
		assertTaken(variables(Map.of("SWITCHBOARD_DEV_SAMPLE_AGENTS", "1", "SWITCHBOARD_DEV_SAMPLEAGENTS", "1")));
		assertTaken(new MapPropertySource("some file", Map.of("my.own.thing", "1", "swichboard", "1")));
	}

	/**
	 * Kubernetes sets these variables for services called switchboard and
	 * switchboard-agents. In rwf2/Rocket#411 such variables stopped the start.
	 */
	@Test
	void shouldLeaveTheVariablesOfKubernetesAlone() {
		assertTaken(variables(Map.ofEntries(Map.entry("SWITCHBOARD_SERVICE_HOST", "10.0.0.11"),
				Map.entry("SWITCHBOARD_SERVICE_PORT", "8080"), Map.entry("SWITCHBOARD_SERVICE_PORT_API", "8080"),
				Map.entry("SWITCHBOARD_PORT", "tcp://10.0.0.11:8080"),
				Map.entry("SWITCHBOARD_PORT_8080_TCP", "tcp://10.0.0.11:8080"),
				Map.entry("SWITCHBOARD_PORT_8080_TCP_PROTO", "tcp"),
				Map.entry("SWITCHBOARD_PORT_8080_TCP_PORT", "8080"),
				Map.entry("SWITCHBOARD_PORT_8080_TCP_ADDR", "10.0.0.11"),
				Map.entry("SWITCHBOARD_AGENTS_PORT", "tcp://10.0.0.12:8090"))));
	}

	@ParameterizedTest
	@ValueSource(strings = { "SWITCHBOARD_HOME", "SWITCHBOARD_TOKEN", "SWITCHBOARDER_AGENT_PORTS" })
	void shouldStartBesideOtherPeoplesVariables(String variable) {
		assertTaken(variables(Map.of(variable, "1")));
	}

	@Test
	void shouldJudgeSystemPropertiesAsVariables() {
		assertTaken(new MapPropertySource("systemProperties", Map.of("switchboard.tool", "1")));
		assertRefused(new MapPropertySource("systemProperties", Map.of("switchboard.agent.cheese", "1")),
				"There is no setting switchboard.agent.cheese (in systemProperties).");
		assertRefused(new MapPropertySource("systemProperties", Map.of("switchboard.agnet.port", "1")),
				"There is no setting switchboard.agnet.port (in systemProperties): did you mean switchboard.agent.port?");
	}

	@Test
	void shouldCheckNothingWithoutMetadata() {
		assertThatCode(() -> new UnknownSettings(new SettingNames(List.of("server.port")))
			.check(environment(options("--switchboard.agent.port=1")))).doesNotThrowAnyException();
	}

	private void assertTaken(PropertySource<?> source) {
		assertThatCode(() -> this.settings.check(environment(source))).doesNotThrowAnyException();
	}

	private void assertRefused(PropertySource<?> source, String description) {
		assertThatExceptionOfType(SettingsRefusedException.class)
			.isThrownBy(() -> this.settings.check(environment(source)))
			.withMessage(description);
	}

	private static PropertySource<?> options(String... options) {
		return new SimpleCommandLinePropertySource(options);
	}

	private static PropertySource<?> variables(Map<String, Object> variables) {
		return new SystemEnvironmentPropertySource("systemEnvironment", variables);
	}

	private static ConfigurableEnvironment environment(PropertySource<?> source) {
		ConfigurableEnvironment environment = new StandardEnvironment();
		environment.getPropertySources().forEach((other) -> environment.getPropertySources().remove(other.getName()));
		environment.getPropertySources().addFirst(source);
		return environment;
	}

}
