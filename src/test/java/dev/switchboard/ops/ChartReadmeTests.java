package dev.switchboard.ops;

import java.io.IOException;
import java.nio.file.Files;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ChartReadmeTests {

	@Test
	void shouldSayWhatTheValuesSay() throws IOException {
		Written.compare(ChartReadme.FILE, ChartReadme.write());
	}

	@Test
	void shouldReadNameDefaultAndComment() throws IOException {
		assertThat(ChartReadme.rows())
			.contains(new ChartReadme.Row("agents.perPod.scheme", "wss", "ws or wss."),
					new ChartReadme.Row("image.tag", "\"\"", "Empty: the chart's appVersion."),
					new ChartReadme.Row("drain", "", "How a node leaves: see docs/operating.md#drain."))
			.doesNotHaveDuplicates();
	}

	@Test
	void shouldHaveNoValueThatNoTemplateReads() throws IOException {
		StringBuilder templates = new StringBuilder();
		try (var files = Files.walk(Manifests.CHART.resolve("templates"))) {
			for (var file : files.filter(Files::isRegularFile).toList()) {
				templates.append(Files.readString(file));
			}
		}
		assertThat(ChartReadme.rows().stream().map((row) -> row.value().substring(row.value().lastIndexOf('.') + 1)))
			.filteredOn((name) -> !name.startsWith("grafana") && !name.equals("cpu") && !name.equals("memory"))
			.filteredOn((name) -> !name.equals("requests") && !name.equals("limits"))
			.allSatisfy((name) -> assertThat(templates).containsPattern("\\b" + name + "\\b"));
	}

}
