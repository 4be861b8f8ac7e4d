package dev.switchboard.ops;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The chart's README, made from {@code Chart.yaml} and {@code values.yaml}: each value
 * with its default and with the comment above it.
 */
final class ChartReadme {

	static final Path FILE = Manifests.CHART.resolve("README.md");

	private static final Pattern LINE = Pattern.compile("^( *)(?:# ?(.*)|([\\w.]+):(?: +(.*))?)$");

	private final Deque<Key> path = new ArrayDeque<>();

	private final List<String> comment = new ArrayList<>();

	private final List<Row> rows = new ArrayList<>();

	/** A key of the file that others may be indented under. */
	private record Key(int indent, String name) {
	}

	/** A value of the chart. The default is empty for one that only groups others. */
	record Row(String value, String standard, String meaning) {

		String markdown() {
			return "| `%s` | %s | %s |\n".formatted(this.value,
					this.standard.isEmpty() ? "" : "`" + this.standard + "`", this.meaning.replace("|", "\\|"));
		}

	}

	/** Returns what the README must say. */
	static String write() throws IOException {
		Map<String, Object> chart = new Yaml(new SafeConstructor(new LoaderOptions()))
			.load(Files.readString(Manifests.CHART.resolve("Chart.yaml")));
		String table = rows().stream().map(Row::markdown).collect(Collectors.joining());
		return """
				# The chart of Switchboard

				%s. It needs Kubernetes %s. This page is made from `values.yaml`; change that file instead.

				    helm install switchboard helm/switchboard \\
				      --set image.repository=REGISTRY/switchboard \\
				      --set jwt.issuerUri=https://issuer.example --set 'jwt.audiences={switchboard}'
				    helm test switchboard

				[Operating Switchboard](../../docs/operating.md) explains what the values are for, and
				[production.yaml](../../examples/kubernetes/production.yaml) has those of a cluster in production. Values that cannot work together are
				refused, with one line that names them.

				| value | default | meaning |
				|---|---|---|
				%s"""
			.formatted(chart.get("description"), "1.30 or newer", table);
	}

	/** Returns all values of the chart. */
	static List<Row> rows() throws IOException {
		ChartReadme readme = new ChartReadme();
		Files.readAllLines(Manifests.CHART.resolve("values.yaml")).forEach(readme::read);
		return readme.rows;
	}

	private void read(String line) {
		Matcher matcher = LINE.matcher(line);
		if (!matcher.matches()) {
			this.comment.clear();
		}
		else if (matcher.group(3) == null) {
			this.comment.add(matcher.group(2));
		}
		else {
			add(new Key(matcher.group(1).length(), matcher.group(3)), matcher.group(4));
		}
	}

	private void add(Key key, String standard) {
		while (!this.path.isEmpty() && this.path.getLast().indent() >= key.indent()) {
			this.path.removeLast();
		}
		this.path.addLast(key);
		if (standard != null || !this.comment.isEmpty()) {
			String name = this.path.stream().map(Key::name).collect(Collectors.joining("."));
			this.rows.add(new Row(name, (standard != null) ? standard : "", String.join(" ", this.comment)));
		}
		this.comment.clear();
	}

}
