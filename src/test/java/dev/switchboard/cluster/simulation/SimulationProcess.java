package dev.switchboard.cluster.simulation;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Runs {@link Simulation} in a JVM of its own, whose flags make identity hashes the same
 * in each run.
 *
 * @param status the exit status
 * @param output everything that it printed
 */
record SimulationProcess(int status, String output) {

	private static final List<String> FLAGS = List.of("-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders",
			"-XX:+UnlockExperimentalVMOptions", "-XX:hashCode=2", "--add-opens=java.base/java.lang=ALL-UNNAMED",
			"--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");

	static SimulationProcess run(String... arguments) throws IOException, InterruptedException {
		return start(classPath(), arguments);
	}

	/** Runs it with classes that take the place of the product's own. */
	static SimulationProcess withClasses(Path classes, String... arguments) throws IOException, InterruptedException {
		return start(classes + File.pathSeparator + classPath(), arguments);
	}

	private static SimulationProcess start(String classPath, String... arguments)
			throws IOException, InterruptedException {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(FLAGS);
		command.addAll(List.of("-cp", classPath, Simulation.class.getName()));
		command.addAll(List.of(arguments));
		Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
		try (var output = process.inputReader()) {
			String text = output.readAllAsString();
			return new SimulationProcess(process.waitFor(), text);
		}
		finally {
			process.destroyForcibly();
		}
	}

	/**
	 * Returns the class path of the tests, which Failsafe has in a property, because its
	 * own one is different.
	 */
	static String classPath() {
		return Objects
			.requireNonNull(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
	}

}
