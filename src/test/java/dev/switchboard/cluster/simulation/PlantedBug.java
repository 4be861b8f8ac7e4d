package dev.switchboard.cluster.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import javax.tools.ToolProvider;

/**
 * A fault that is put into the product's code, to see that a rule finds it. It replaces
 * one piece of text in one file.
 *
 * @param path the file that describes it
 * @param area the part of the gateway that it is in
 * @param rule the number of the rule that must find it
 * @param life the life in which that rule found it when the file was written
 * @param file the source file, from the base package
 * @param good the text in the source file
 * @param bad the text that takes its place
 */
record PlantedBug(Path path, String area, int rule, int life, String file, String good, String bad) {

	private static final Path SOURCES = Path.of("src/main/java/dev/switchboard");

	static PlantedBug read(Path path) throws IOException {
		List<String> lines = Files.readAllLines(path).stream().filter((line) -> !line.startsWith("#")).toList();
		return new PlantedBug(path, rest(lines, 0, "area "), Integer.parseInt(rest(lines, 1, "rule ")),
				Integer.parseInt(rest(lines, 2, "life ")), rest(lines, 3, "file "), rest(lines, 4, "- "),
				rest(lines, 5, "+ "));
	}

	private static String rest(List<String> lines, int index, String start) {
		if (lines.size() != 6 || !(lines.get(index) + " ").startsWith(start)) {
			throw new IllegalArgumentException("a planted bug has six lines: area, rule, life, file, - and +");
		}
		return (lines.get(index) + " ").substring(start.length()).stripTrailing();
	}

	/**
	 * Compiles the file with the bug in it.
	 * @param directory where the classes go
	 * @throws IllegalStateException if the bug does not fit the source any more
	 */
	void compile(Path directory, String classPath) throws IOException {
		String source = Files.readString(SOURCES.resolve(this.file));
		int at = source.indexOf(this.good);
		if (at < 0 || source.indexOf(this.good, at + 1) >= 0) {
			throw new IllegalStateException(this.file + " does not have this text once: " + this.good);
		}
		Path changed = directory.resolve("source").resolve(SOURCES.resolve(this.file).getFileName());
		Files.createDirectories(changed.getParent());
		Files.writeString(changed, source.replace(this.good, this.bad));
		int status = ToolProvider.getSystemJavaCompiler()
			.run(null, null, null, "-nowarn", "-proc:none", "-parameters", "-implicit:none", "-d", directory.toString(),
					"-cp", classPath, changed.toString());
		if (status != 0) {
			throw new IllegalStateException(this.file + " does not compile with the bug " + this);
		}
	}

	String name() {
		return String.valueOf(this.path.getFileName());
	}

	@Override
	public String toString() {
		return name();
	}

}
