package dev.switchboard.console;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The tables of {@code docs/metrics.md}, by the metrics' names. */
record MetricsDocument(Map<String, Entry> entries) {

	private static final Pattern ROW = Pattern.compile("^\\| `(switchboard_\\w+)` \\| (\\w+) \\| ([^|]*)\\| (.*) \\|$",
			Pattern.MULTILINE);

	private static final Pattern TAG = Pattern.compile("`(\\w+)`");

	static MetricsDocument read() throws IOException {
		return new MetricsDocument(ROW.matcher(Files.readString(Path.of("docs", "metrics.md")))
			.results()
			.map(MetricsDocument::entry)
			.collect(Collectors.toMap(Entry::name, Function.identity())));
	}

	private static Entry entry(MatchResult row) {
		Set<String> tags = TAG.matcher(row.group(3))
			.results()
			.map((tag) -> tag.group(1))
			.collect(Collectors.toCollection(TreeSet::new));
		return new Entry(row.group(1), row.group(2), tags,
				Stream.of("from the first one on", "only with").anyMatch(row.group(4)::contains));
	}

	/**
	 * A metric.
	 *
	 * @param name as scraped
	 * @param type as scraped
	 * @param tags that all its samples have
	 * @param lazy whether it is not there until it first happens, or until a setting asks
	 * for it
	 */
	record Entry(String name, String type, Set<String> tags, boolean lazy) {
	}

}
