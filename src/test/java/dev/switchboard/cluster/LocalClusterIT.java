package dev.switchboard.cluster;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs {@link LocalCluster} as Maven runs it, in a child process, and ends Maven by a
 * signal.
 */
@Tag("slow")
class LocalClusterIT {

	@Test
	void shouldEndAllProcessesWhenMavenIsKilled(@TempDir Path folder) throws Exception {
		assertAllEnd("KILL", folder);
	}

	@Tag("night")
	@ParameterizedTest
	@ValueSource(strings = { "TERM", "INT" })
	void shouldEndAllProcessesWhenMavenEnds(String signal, @TempDir Path folder) throws Exception {
		assertAllEnd(signal, folder);
	}

	private static void assertAllEnd(String signal, Path folder) throws Exception {
		Path log = folder.resolve("log");
		Process maven = new ProcessBuilder("bash", "-c", "\"$@\"; true", "maven",
				Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", classPath(),
				LocalCluster.class.getName())
			.redirectErrorStream(true)
			.redirectOutput(log.toFile())
			.start();
		try {
			Awaitility.await()
				.atMost(Duration.ofMinutes(5))
				.failFast(() -> assertThat(maven.isAlive()).as(Files.readString(log)).isTrue())
				.until(() -> Files.readString(log).contains("Ctrl-C stops it all"));
			List<ProcessHandle> all = maven.descendants().toList();
			assertThat(all).hasSizeGreaterThanOrEqualTo(5); // itself, three nodes,
															// MariaDB

			end(maven, all, signal);

			Awaitility.await()
				.atMost(Duration.ofMinutes(2))
				.untilAsserted(() -> assertThat(all).as(Files.readString(log)).noneMatch(ProcessHandle::isAlive));
		}
		finally {
			maven.descendants().forEach(ProcessHandle::destroyForcibly);
			maven.destroyForcibly();
		}
	}

	/**
	 * Sends a signal. Ctrl-C (INT) reaches every process of the terminal; another signal
	 * reaches only Maven.
	 */
	private static void end(Process maven, List<ProcessHandle> all, String signal) throws Exception {
		send(signal, maven.pid());
		if (signal.equals("INT")) {
			for (ProcessHandle process : all) {
				send(signal, process.pid());
			}
		}
	}

	private static void send(String signal, long pid) throws Exception {
		new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).start().waitFor();
	}

	/**
	 * Returns the class path of the tests, which Failsafe has in a property, because its
	 * own one is different.
	 */
	private static String classPath() {
		return Objects
			.requireNonNull(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
	}

}
