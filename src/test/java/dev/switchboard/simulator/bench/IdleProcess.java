package dev.switchboard.simulator.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** A JVM beside the test's, which idles until it is closed. */
public final class IdleProcess implements AutoCloseable {

	private final Process process;

	public IdleProcess() {
		String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
		try {
			this.process = new ProcessBuilder(java, "-Xmx64m", "-cp", System.getProperty("java.class.path"),
					IdleProcess.class.getName())
				.redirectErrorStream(true)
				.start();
			// It says a byte once it runs.
			if (this.process.getInputStream().read() != '.') {
				throw new IllegalStateException("the process did not start");
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Ends with its input, and so with the test's process at the latest. */
	public static void main(String[] args) throws IOException {
		System.out.print('.');
		System.out.flush();
		int end = System.in.read();
		System.exit(Math.max(end, 0));
	}

	public long pid() {
		return this.process.pid();
	}

	@Override
	public void close() {
		this.process.destroyForcibly();
	}

}
