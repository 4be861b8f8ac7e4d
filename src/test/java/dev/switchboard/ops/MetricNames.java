package dev.switchboard.ops;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Names of Switchboard's metrics, in the documentation and in queries. */
final class MetricNames {

	private static final Pattern ROW = Pattern.compile("^\\| `(switchboard_\\w+)` \\| (\\w+) \\|", Pattern.MULTILINE);

	private static final Pattern NAME = Pattern.compile("\\bswitchboard_\\w+");

	private MetricNames() {
	}

	/** Returns the series that {@code docs/metrics.md} describes. */
	static Set<String> documented() throws IOException {
		return ROW.matcher(Files.readString(Path.of("docs", "metrics.md")))
			.results()
			.flatMap((row) -> series(row.group(1), row.group(2)))
			.collect(Collectors.toCollection(TreeSet::new));
	}

	private static Stream<String> series(String name, String type) {
		return switch (type) {
			case "histogram" -> Stream.of("_count", "_sum", "_max", "_bucket").map(name::concat);
			case "summary" -> Stream.of("_count", "_sum", "_max").map(name::concat);
			default -> Stream.of(name);
		};
	}

	/** Returns the series that a text names. */
	static Set<String> in(String text) {
		return NAME.matcher(text)
			.results()
			.map((found) -> found.group())
			.collect(Collectors.toCollection(TreeSet::new));
	}

}
