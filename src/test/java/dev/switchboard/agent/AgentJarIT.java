package dev.switchboard.agent;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import dev.switchboard.json.Payload;
import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.Frame;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class AgentJarIT {

	@TempDir
	private Path directory;

	@Test
	void shouldConnectAndAnswerWithNothingButTheJdkBesideIt() throws Exception {
		try (ScriptedGateway gateway = new ScriptedGateway()) {
			Process program = run(gateway);
			try {
				ScriptedConnection connection = gateway.welcomed(1);
				CallId id = connection.call("echo", "[1]");
				assertThat(connection.next()).isEqualTo(new Frame.Result(id, Payload.parse("[1]")));
				connection.close(4500);
				assertThat(program.waitFor(30, TimeUnit.SECONDS)).isTrue();
				assertThat(output(program)).isEqualToIgnoringNewLines("stopped with 4500");
			}
			finally {
				program.destroyForcibly();
			}
		}
	}

	private Process run(ScriptedGateway gateway) throws IOException {
		String name = AgentJarProgram.class.getName();
		copyClass(name.replace('.', '/') + ".class");
		String jar = Objects.requireNonNull(System.getProperty("switchboard.agent-jar"), "switchboard.agent-jar");
		return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
				jar + File.pathSeparator + this.directory, name, gateway.url().toString())
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
	}

	private void copyClass(String resource) throws IOException {
		Path target = this.directory.resolve(resource);
		Files.createDirectories(Objects.requireNonNull(target.getParent()));
		try (InputStream code = AgentJarIT.class.getResourceAsStream("/" + resource)) {
			Files.copy(Objects.requireNonNull(code), target);
		}
	}

	private static String output(Process program) throws IOException {
		return new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
	}

}
