package dev.switchboard.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM of its own, with this one's Java and class path. */
final class JavaCommand {

	private final List<String> command = new ArrayList<>();

	JavaCommand(String... flags) {
		add(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseCompactObjectHeaders",
				"--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-cp",
				System.getProperty("java.class.path"));
		add(flags);
	}

	JavaCommand main(Class<?> main) {
		return add(main.getName());
	}

	JavaCommand add(String... arguments) {
		this.command.addAll(List.of(arguments));
		return this;
	}

	/** Runs it and returns what it printed; ends it after so many minutes. */
	String run(long minutes) throws IOException, InterruptedException {
		Path output = Files.createTempFile("switchboard-benchmark", ".txt");
		try {
			run(output, minutes);
			return Files.readString(output);
		}
		finally {
			Files.delete(output);
		}
	}

	/** Runs it and has the file get what it prints; ends it after so many minutes. */
	void run(Path output, long minutes) throws IOException, InterruptedException {
		Process process = new ProcessBuilder(this.command).redirectErrorStream(true)
			.redirectOutput(output.toFile())
			.start();
		try {
			process.waitFor(minutes, TimeUnit.MINUTES);
		}
		finally {
			process.descendants().forEach(ProcessHandle::destroyForcibly);
			process.destroyForcibly().waitFor();
		}
	}

}
