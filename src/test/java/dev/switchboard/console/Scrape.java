package dev.switchboard.console;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The metrics that Switchboard itself adds to a scrape in Prometheus' text format, by
 * name.
 */
record Scrape(Map<String, MetricsDocument.Entry> entries) {

	private static final Pattern TYPE = Pattern.compile("^# TYPE (switchboard_\\w+) (\\w+)$", Pattern.MULTILINE);

	private static final Pattern LABEL = Pattern.compile("(\\w+)=\"[^\"]*\"");

	/** Reads a scrape. A gauge {@code _max} counts as part of its timer or summary. */
	static Scrape of(String text) {
		Map<String, MetricsDocument.Entry> all = TYPE.matcher(text)
			.results()
			.map((type) -> entry(type, text))
			.collect(Collectors.toMap(MetricsDocument.Entry::name, Function.identity()));
		all.keySet().removeIf((name) -> name.endsWith("_max") && all.containsKey(name.substring(0, name.length() - 4)));
		return new Scrape(all);
	}

	private static MetricsDocument.Entry entry(MatchResult type, String text) {
		Pattern sample = Pattern.compile("^" + type.group(1) + "(?:_bucket|_count|_sum)?\\{(.*)} ", Pattern.MULTILINE);
		Set<String> labels = sample.matcher(text)
			.results()
			.flatMap((found) -> LABEL.matcher(found.group(1)).results())
			.map((label) -> label.group(1))
			.filter((label) -> !label.equals("le"))
			.collect(Collectors.toCollection(TreeSet::new));
		return new MetricsDocument.Entry(type.group(1), type.group(2), labels, false);
	}

}
