package dev.switchboard.agent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs the Maven that runs this build, on this JDK and with the same settings, on a local
 * repository that shows the user's, except for Switchboard's own artifacts.
 */
final class MavenProcess {

	private static final Path OURS = Path.of("dev", "switchboard");

	private final Path repository;

	/**
	 * @param repository an empty directory
	 */
	MavenProcess(Path repository) {
		this.repository = repository;
		show(Path.of(property("maven.repository")), Path.of(""));
	}

	// Links to everything but our own artifacts, which only the test installs.
	private void show(Path users, Path folder) {
		try (Stream<Path> entries = Files.list(users.resolve(folder))) {
			for (Path entry : entries.toList()) {
				Path name = users.relativize(entry);
				if (!OURS.startsWith(name)) {
					Files.createSymbolicLink(this.repository.resolve(name), entry);
				}
				else if (!name.equals(OURS)) {
					Files.createDirectory(this.repository.resolve(name));
					show(users, name);
				}
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Runs Maven in a directory, offline if this build is; fails if that build fails. */
	void run(Path directory, String... arguments) throws IOException, InterruptedException {
		boolean offline = property("maven.offline").equals("offline=true");
		execute(directory, offline ? List.of("-o") : List.of(), arguments);
	}

	/** Runs a goal that refuses to work offline, though it needs only files. */
	void deploy(Path directory, String... arguments) throws IOException, InterruptedException {
		execute(directory, List.of(), arguments);
	}

	private void execute(Path directory, List<String> options, String... arguments)
			throws IOException, InterruptedException {
		List<String> command = new ArrayList<>(List.of(Path.of(property("maven.home"), "bin", "mvn").toString(), "-B",
				"-Dmaven.repo.local=" + this.repository.toAbsolutePath(), "-Dstyle.color=never"));
		command.addAll(options);
		command.addAll(List.of(arguments));
		ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
		builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
		Process maven = builder.start();
		String output = new String(maven.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(maven.waitFor()).as(output).isZero();
	}

	static String property(String name) {
		return Objects.requireNonNull(System.getProperty(name), name);
	}

}
