package dev.switchboard.contract;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

import dev.switchboard.FreePorts;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Runs the commands of {@code docs/jwt.md} in a shell, on ports of its own. */
@DisplayName("docs/jwt.md")
class TryJwtPageIT {

	private static final Pattern BLOCK = Pattern.compile("(?:^ {4}.*\\R)+", Pattern.MULTILINE);

	private final int apiPort = FreePorts.next();

	private final int agentPort = FreePorts.next();

	private final List<Process> running = new ArrayList<>();

	@TempDir
	private Path folder;

	@AfterEach
	void stop() {
		this.running.forEach((process) -> process.descendants().forEach(ProcessHandle::destroy));
		this.running.forEach(Process::destroy);
	}

	@Test
	@DisplayName("keys, node, agent, call | works as it is written")
	void shouldWorkAsItIsWritten() throws Exception {
		List<String> commands = BLOCK.matcher(Files.readString(Path.of("docs/jwt.md")))
			.results()
			.map((block) -> block.group())
			.toList();
		Files.createSymbolicLink(this.folder.resolve("target"),
				Path.of(System.getProperty("switchboard.jar", "target/switchboard.jar")).toAbsolutePath().getParent());

		assertThat(run(commands.get(0))).contains("switchboard-keys/public.pem");
		start(commands.get(1));
		Awaitility.await()
			.atMost(Duration.ofMinutes(3))
			.until(() -> Files.readString(this.folder.resolve("log-0")).contains("is ready"));
		start(commands.get(2));
		Awaitility.await()
			.atMost(Duration.ofMinutes(3))
			.untilAsserted(() -> assertThat(run(commands.get(3)))
				.contains("\"outcome\":\"completed\",\"payload\":{\"hello\": \"world\"}"));
		assertThat(run(commands.get(4))).contains("urn:switchboard:problem:unauthorized");
	}

	private String run(String command) throws Exception {
		Process shell = shell(command).start();
		String output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(shell.waitFor(1, TimeUnit.MINUTES)).isTrue();
		return output;
	}

	private void start(String command) throws IOException {
		this.running
			.add(shell(command).redirectOutput(this.folder.resolve("log-" + this.running.size()).toFile()).start());
	}

	private ProcessBuilder shell(String command) {
		String here = command.replace("127.0.0.1:8080", "127.0.0.1:" + this.apiPort)
			.replace("127.0.0.1:8090", "127.0.0.1:" + this.agentPort);
		ProcessBuilder shell = new ProcessBuilder("bash", "-c", here).directory(this.folder.toFile())
			.redirectErrorStream(true);
		shell.environment().put("PATH", Path.of(System.getProperty("java.home"), "bin") + ":" + System.getenv("PATH"));
		shell.environment().put("SERVER_PORT", Integer.toString(this.apiPort));
		shell.environment().put("SWITCHBOARD_AGENT_PORT", Integer.toString(this.agentPort));
		shell.environment().put("MANAGEMENT_SERVER_PORT", "0");
		shell.environment().put("SWITCHBOARD_FORWARDING_PORT", "0");
		return shell;
	}

}
