package dev.switchboard.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Processes of the simulator, with agents of the tenant {@code acme} that connect anew.
 * Closing it ends them all at once.
 */
final class SimulatorProcesses implements AutoCloseable {

	private final List<Process> processes = new ArrayList<>();

	/**
	 * Starts a process.
	 * @param prefix of the agents' ids, which end in numbers
	 * @param first the number of its first agent
	 * @param agents how many agents it has
	 * @param options of the command {@code simulator}
	 */
	void start(String prefix, int first, int agents, URI url, String... options) {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx128m", "-jar",
						System.getProperty("switchboard.jar", "target/switchboard.jar"), "simulator", "--agents",
						Integer.toString(agents), "--first", Integer.toString(first), "--tenant", "acme", "--prefix",
						prefix, "--url", url.toString(), "--reconnect"));
		command.addAll(Arrays.asList(options));
		try {
			this.processes.add(new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.DISCARD)
				.start());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		this.processes.forEach(Process::destroyForcibly);
	}

}
