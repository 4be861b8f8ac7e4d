package dev.switchboard.cluster.simulation;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Runs {@link Simulation} or {@link PlantedBugs} in a JVM of its own, whose flags make
 * identity hashes the same in each run.
 *
 * @param status the exit status
 * @param output everything that it printed
 */
record SimulationProcess(int status, String output) {

	private static final List<String> FLAGS = List.of("-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders",
			"-XX:+UnlockExperimentalVMOptions", "-XX:hashCode=2", "--add-opens=java.base/java.lang=ALL-UNNAMED",
			"--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");

	static SimulationProcess run(String command, String... arguments) throws IOException, InterruptedException {
		return start(Simulation.class, List.of(), Stream.concat(Stream.of(command), Stream.of(arguments)).toList());
	}

	/**
	 * Looks for bugs in a JVM that has each of them for a while. Its classes are new for
	 * each bug, so it does not pay to optimise them.
	 */
	static SimulationProcess plantedBugs(List<PlantedBug> bugs) throws IOException, InterruptedException {
		return start(PlantedBugs.class, List.of("-XX:TieredStopAtLevel=1"),
				bugs.stream().map((bug) -> bug.path().toString()).toList());
	}

	private static SimulationProcess start(Class<?> main, List<String> flags, List<String> arguments)
			throws IOException, InterruptedException {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(FLAGS);
		command.addAll(flags);
		command.addAll(List.of("-cp", classPath(), main.getName()));
		command.addAll(arguments);
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
