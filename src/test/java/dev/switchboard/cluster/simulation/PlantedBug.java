package dev.switchboard.cluster.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import javax.tools.ToolProvider;

/**
 * A fault that is put into the product's code, to see that a rule finds it. It replaces
 * pieces of text in source files.
 *
 * @param path the file that describes it
 * @param area the part of the gateway that it is in
 * @param rule the number of the rule that must find it
 * @param life the life in which that rule found it when the file was written
 * @param edits what it changes; more than one if the gateway has several guards against
 * the same fault
 */
record PlantedBug(Path path, String area, int rule, int life, List<Edit> edits) {

	private static final Path SOURCES = Path.of("src/main/java/dev/switchboard");

	private static final int HEAD = 3;

	/**
	 * A change of a source file.
	 *
	 * @param file the source file, from the base package
	 * @param good the text in the source file
	 * @param bad the text that takes its place
	 */
	record Edit(String file, String good, String bad) {

		private static final int LINES = 3;

		private static Edit read(List<String> lines) {
			return new Edit(rest(lines, 0, "file "), rest(lines, 1, "- "), rest(lines, 2, "+ "));
		}

		private String apply(String source) {
			int at = source.indexOf(this.good);
			if (at < 0 || source.indexOf(this.good, at + 1) >= 0) {
				throw new IllegalStateException(this.file + " does not have this text once: " + this.good);
			}
			return source.replace(this.good, this.bad);
		}

	}

	static PlantedBug read(Path path) throws IOException {
		List<String> lines = Files.readAllLines(path).stream().filter((line) -> !line.startsWith("#")).toList();
		List<Edit> edits = new ArrayList<>();
		for (int next = HEAD; next < lines.size(); next += Edit.LINES) {
			edits.add(Edit.read(lines.subList(next, Math.min(lines.size(), next + Edit.LINES))));
		}
		return new PlantedBug(path, rest(lines, 0, "area "), Integer.parseInt(rest(lines, 1, "rule ")),
				Integer.parseInt(rest(lines, 2, "life ")), edits);
	}

	private static String rest(List<String> lines, int index, String start) {
		if (index >= lines.size() || !(lines.get(index) + " ").startsWith(start)) {
			throw new IllegalArgumentException(
					"a planted bug has the lines area, rule and life, and for each change the lines file, - and +");
		}
		return (lines.get(index) + " ").substring(start.length()).stripTrailing();
	}

	/**
	 * Compiles the files with the bug in them.
	 * @param directory where the classes go
	 * @throws IllegalStateException if the bug does not fit the source any more
	 */
	void compile(Path directory, String classPath) throws IOException {
		List<String> command = new ArrayList<>(List.of("-nowarn", "-proc:none", "-parameters", "-implicit:none", "-d",
				directory.toString(), "-cp", classPath));
		for (Map.Entry<String, String> source : sources().entrySet()) {
			Path changed = directory.resolve("source").resolve(source.getKey());
			Files.createDirectories(changed.getParent());
			Files.writeString(changed, source.getValue());
			command.add(changed.toString());
		}
		int status = ToolProvider.getSystemJavaCompiler().run(null, null, null, command.toArray(String[]::new));
		if (status != 0) {
			throw new IllegalStateException("the gateway does not compile with the bug " + this);
		}
	}

	/** Returns the changed sources by their files. */
	private Map<String, String> sources() throws IOException {
		Map<String, String> changed = new LinkedHashMap<>();
		for (Edit edit : this.edits) {
			String before = changed.get(edit.file());
			changed.put(edit.file(),
					edit.apply((before != null) ? before : Files.readString(SOURCES.resolve(edit.file()))));
		}
		return changed;
	}

	String name() {
		return String.valueOf(this.path.getFileName());
	}

	@Override
	public String toString() {
		return name();
	}

}
