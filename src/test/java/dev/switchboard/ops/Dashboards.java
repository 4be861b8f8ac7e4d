package dev.switchboard.ops;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.jayway.jsonpath.DocumentContext;
import com.jayway.jsonpath.JsonPath;

/** The dashboards that come with the chart. */
final class Dashboards {

	private static final Path FOLDER = Manifests.CHART.resolve("files/dashboards");

	private Dashboards() {
	}

	/**
	 * A query of a panel.
	 *
	 * @param panel the panel's title
	 * @param expression as the dashboard has it, with Grafana's variables
	 */
	record Query(String panel, String expression) {

		/** The query for the nodes of a job, with rates over a time. */
		String of(String job, String window) {
			return this.expression.replace("$job", job).replace("$instance", ".*").replace("$__rate_interval", window);
		}

	}

	static List<Path> files() throws IOException {
		try (Stream<Path> files = Files.list(FOLDER)) {
			return files.sorted().toList();
		}
	}

	static DocumentContext read(Path file) throws IOException {
		return JsonPath.parse(Files.readString(file));
	}

	/** The titles of the dashboard's rows. */
	static List<String> rows() throws IOException {
		return read(FOLDER.resolve("switchboard.json")).read("$.panels[?(@.type == 'row')].title");
	}

	/** Every query of every dashboard. */
	static List<Query> queries() throws IOException {
		List<Query> all = new ArrayList<>();
		for (Path file : files()) {
			for (Map<String, Object> panel : read(file).<List<Map<String, Object>>>read("$.panels[?(@.targets)]")) {
				List<String> expressions = JsonPath.read(panel, "$.targets[*].expr");
				expressions
					.forEach((expression) -> all.add(new Query(JsonPath.<String>read(panel, "$.title"), expression)));
			}
		}
		return all;
	}

}
