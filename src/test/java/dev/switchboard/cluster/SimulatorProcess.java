package dev.switchboard.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

import dev.switchboard.ExtractedJar;

/** A process of the simulator, whose agents connect anew when they are asked to. */
final class SimulatorProcess implements AutoCloseable {

	private final Process process;

	private final Path log;

	/**
	 * Starts simulated agents.
	 * @param prefix the beginning of the agents' ids, before a number
	 * @param urls the agents connect to one of them by chance
	 */
	SimulatorProcess(String tenant, String prefix, int agents, List<URI> urls, String... options) {
		try {
			this.log = Files.createTempFile(Files.createDirectories(Path.of("target", "gateway-logs")), "simulator-",
					".log");
			List<String> command = ExtractedJar.command(List.of("-Xmx256m"));
			command.addAll(List.of("simulator", "--agents", Integer.toString(agents), "--tenant", tenant, "--prefix",
					prefix, "--url", urls.stream().map(URI::toString).collect(Collectors.joining(",")), "--reconnect"));
			command.addAll(List.of(options));
			this.process = new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(this.log.toFile())
				.start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** The last line of the output. */
	String lastLine() {
		try {
			List<String> lines = Files.readAllLines(this.log);
			return lines.isEmpty() ? "" : lines.getLast();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		this.process.destroyForcibly();
	}

}
