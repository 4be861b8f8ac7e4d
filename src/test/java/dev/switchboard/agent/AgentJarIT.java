package dev.switchboard.agent;

import java.io.DataInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

import dev.switchboard.json.Payload;
import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.Frame;
import dev.switchboard.protocol.TestIds;
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
				connection.send(new Frame.Push(TestIds.call(), "stop", Payload.NULL));
				assertThat(program.waitFor(30, TimeUnit.SECONDS)).isTrue();
				assertThat(output(program)).isEqualToIgnoringNewLines("stopped with 1000");
			}
			finally {
				program.destroyForcibly();
			}
		}
	}

	/** The major version of class files for Java 21 is 65 (JVMS table 4.1-A). */
	@Test
	void shouldRunOnJava21() throws Exception {
		Map<String, Integer> versions = new TreeMap<>();
		try (JarFile jar = new JarFile(jar())) {
			for (JarEntry entry : jar.stream().filter((each) -> each.getName().endsWith(".class")).toList()) {
				try (DataInputStream code = new DataInputStream(jar.getInputStream(entry))) {
					assertThat(code.readInt()).isEqualTo(0xCAFEBABE);
					assertThat(code.readUnsignedShort()).as("preview features of %s", entry).isZero();
					versions.put(entry.getName(), code.readUnsignedShort());
				}
			}
		}
		assertThat(versions).containsKeys("dev/switchboard/agent/SwitchboardAgent.class",
				"dev/switchboard/json/Payload.class", "dev/switchboard/protocol/FrameCodec.class");
		assertThat(versions).allSatisfy((_, version) -> assertThat(version).isLessThanOrEqualTo(65));
	}

	private static String jar() {
		return Objects.requireNonNull(System.getProperty("switchboard.agent-jar"), "switchboard.agent-jar");
	}

	private Process run(ScriptedGateway gateway) throws IOException {
		String name = AgentJarProgram.class.getName();
		copyClass(name.replace('.', '/') + ".class");
		return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
				jar() + File.pathSeparator + this.directory, name, gateway.url().toString())
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
