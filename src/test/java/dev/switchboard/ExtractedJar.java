package dev.switchboard;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.springframework.util.DigestUtils;

/**
 * The built jar, extracted and with an AOT cache, as in the image. A process that runs it
 * is ready after a third of the CPU time that the jar itself takes, and tests start
 * hundreds.
 */
public final class ExtractedJar {

	/** The flags of the image. The cache fits only them. */
	private static final List<String> FLAGS = List.of("-XX:+UseCompactObjectHeaders",
			"--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");

	private static final Path JAR = Path.of(System.getProperty("switchboard.jar", "target/switchboard.jar"));

	private static final Path FOLDER = Path.of("target", "extracted").toAbsolutePath();

	private static final Path EXTRACTED = FOLDER.resolve("switchboard.jar");

	private static final Path CACHE = FOLDER.resolve("switchboard.aot");

	/** The digest of the jar that was extracted. */
	private static final Path DIGEST = FOLDER.resolve("switchboard.jar.md5");

	/** Whether this JVM has seen that the jar is extracted. */
	private static boolean made;

	private ExtractedJar() {
	}

	/**
	 * Returns a command that runs the jar. Arguments may be added to it.
	 * @param options of the JVM
	 */
	public static synchronized List<String> command(List<String> options) {
		try {
			if (!made) {
				String digest = digest();
				if (!isMade(digest)) {
					make();
					Files.writeString(DIGEST, digest);
				}
				made = true;
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		// Without the logs, a JVM whose options do not fit the cache goes on silently.
		return command(List.of("-XX:AOTCache=" + CACHE, "-Xlog:aot=off", "-Xlog:cds=off"), options);
	}

	private static List<String> command(List<String> cache, List<String> options) {
		return Stream.of(List.of(jdk("java")), FLAGS, cache, options, List.of("-jar", EXTRACTED.toString()))
			.flatMap(List::stream)
			.collect(ArrayList::new, List::add, List::addAll);
	}

	/**
	 * Whether the extracted jar is of this jar. The time of the jar does not show it:
	 * each build gives the jar the same time, so that the same code makes the same bytes.
	 */
	private static boolean isMade(String digest) throws IOException {
		return Files.exists(CACHE) && Files.exists(DIGEST) && Files.readString(DIGEST).equals(digest);
	}

	private static String digest() throws IOException {
		try (InputStream jar = Files.newInputStream(JAR)) {
			return DigestUtils.md5DigestAsHex(jar);
		}
	}

	private static void make() throws IOException {
		run(List.of(jdk("java"), "-Djarmode=tools", "-jar", JAR.toString(), "extract", "--force", "--destination",
				FOLDER.toString()));
		Path made = FOLDER.resolve("made.aot");
		List<String> train = command(List.of("-XX:AOTCacheOutput=" + made), List.of("-Dspring.context.exit=onRefresh"));
		Stream.of("server", "management.server", "switchboard.agent", "switchboard.forwarding")
			.forEach((server) -> train.add("--" + server + ".port=" + FreePorts.next()));
		run(train);
		Files.move(made, CACHE, StandardCopyOption.REPLACE_EXISTING);
	}

	private static void run(List<String> command) throws IOException {
		Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		if (process.onExit().join().exitValue() != 0) {
			throw new AssertionError(command + " failed:\n" + output);
		}
	}

	/** Returns the path of a tool of the JDK that runs the tests. */
	static String jdk(String tool) {
		return Path.of(System.getProperty("java.home"), "bin", tool).toString();
	}

}
