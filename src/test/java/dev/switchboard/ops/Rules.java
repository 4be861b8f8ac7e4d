package dev.switchboard.ops;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import com.jayway.jsonpath.DocumentContext;

/** The recording rules and alerts that come with the chart. */
final class Rules {

	static final Path FILE = Manifests.CHART.resolve("files/rules.yaml");

	/** What {@code promtool} tests them with. */
	static final Path TESTS = Path.of("src/test/resources/dev/switchboard/ops/rules-test.yaml");

	private Rules() {
	}

	static DocumentContext read() throws IOException {
		return Manifests.parse(Files.readString(FILE)).all().getFirst();
	}

	static List<String> alerts() throws IOException {
		return read().read("$..alert");
	}

}
