package dev.switchboard.ops;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A program of Debian's that a test runs beside the nodes. Closing it ends it. */
final class Server implements AutoCloseable {

	private final Process process;

	private final Path log;

	private Server(Process process, Path log) {
		this.process = process;
		this.log = log;
	}

	/** Starts a program, whose output goes to a file of the folder. */
	static Server start(Path folder, String... command) throws IOException {
		Path log = folder.resolve(command[0] + ".log");
		return new Server(new ProcessBuilder(command).directory(folder.toFile())
			.redirectErrorStream(true)
			.redirectOutput(log.toFile())
			.start(), log);
	}

	/** Runs a program to its end, and returns its output. Fails if it fails. */
	static String run(Path folder, String... command) throws IOException, InterruptedException {
		Process process = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
		String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
		if (process.waitFor() != 0) {
			throw new AssertionError(List.of(command) + " failed:\n" + output);
		}
		return output;
	}

	/** Fails if the program has ended. */
	void check() {
		if (!this.process.isAlive()) {
			throw new AssertionError("ended:\n" + log());
		}
	}

	String log() {
		try {
			return Files.readString(this.log);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		this.process.destroyForcibly().onExit().join();
	}

}
