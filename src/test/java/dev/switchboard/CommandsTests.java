package dev.switchboard;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

import static org.assertj.core.api.Assertions.assertThat;

class CommandsTests {

	@ParameterizedTest
	@ValueSource(strings = { "--server.port=1", "--switchboard.security.mode=jwt", "--debug", "--spring.main.lazy",
			"--port=9", "--switchboard.agent.allowed-origins=a,b=c d" })
	void shouldLeaveSettingsToTheNode(String setting) {
		assertThat(Commands.isNode()).isTrue();
		assertThat(Commands.isNode(setting, "--server.port=2")).isTrue();
		assertThat(Commands.isNode("token", setting)).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "--help", "-h" })
	void shouldSayHowItIsUsed(String option) {
		Output output = run(option);
		assertThat(output.status).isZero();
		assertThat(output.out).contains("java -jar switchboard.jar", "simulator", "token", "--server.port",
				"--switchboard.security.mode", "dev mode", "/docs");
		assertThat(output.err).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "--version", "-V" })
	void shouldSayItsVersion(String option) {
		assertThat(run(option).out).matches(Pattern.compile("switchboard \\S.* \\(Java 25\\S*\\)\\R"));
	}

	@ParameterizedTest
	@CsvSource({ "simulater, simulator", "tokn, token", "--verison, --version", "--hlep, --help" })
	void shouldRefuseAMisspeltCommandOrOptionAndNameTheRightOne(String wrong, String right) {
		Output output = run(wrong);
		assertThat(output.status).isEqualTo(2);
		assertThat(output.out).isEmpty();
		assertThat(output.err.lines().findFirst()).hasValueSatisfying((line) -> assertThat(line).contains(wrong));
		assertThat(output.err).contains(right, "java -jar switchboard.jar COMMAND");
	}

	@ParameterizedTest
	@ValueSource(strings = { "8081", "simulator", "-server.port=1", "serve" })
	void shouldRefuseWhatComesAfterASettingAndIsNone(String other) {
		assertThat(Commands.isNode("--server.port=1", other)).isFalse();
		Output output = run("--server.port=1", other);
		assertThat(output.status).isEqualTo(2);
		assertThat(output.err.lines().findFirst())
			.hasValueSatisfying((line) -> assertThat(line).contains(other).doesNotContain("--server.port"));
	}

	@Test
	void shouldHelpWithACommandToo() {
		assertThat(run("simulator", "--help").out).contains("--agents");
		assertThat(run("fleet", "bench", "--help").out).contains("--callers");
		assertThat(run("--help").out.lines().filter((line) -> line.contains("fleet"))).isEmpty();
		Output output = run("simulator", "--agnets=1");
		assertThat(output.status).isEqualTo(2);
		assertThat(output.err).contains("--agnets", "--agents");
	}

	private static Output run(String... args) {
		StringWriter out = new StringWriter();
		StringWriter err = new StringWriter();
		CommandLine command = Commands.commandLine()
			.setOut(new PrintWriter(out, true))
			.setErr(new PrintWriter(err, true))
			.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
		return new Output(Commands.execute(command, args), out.toString(), err.toString());
	}

	private record Output(int status, String out, String err) {
	}

}
