package dev.switchboard.ops;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import com.jayway.jsonpath.DocumentContext;
import com.jayway.jsonpath.JsonPath;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class DashboardsTests {

	private static final int WIDTH = 24;

	private static final Pattern PICTURE = Pattern.compile("!\\[.*]\\((.*\\.png)\\)");

	@Test
	void shouldUseOnlyMetricsThatAreDocumented() throws IOException {
		assertThat(Dashboards.queries().stream().flatMap((query) -> MetricNames.in(query.expression()).stream()))
			.hasSizeGreaterThan(50)
			.isSubsetOf(MetricNames.documented());
	}

	@Test
	void shouldShowOnlyTheNodesThatAreChosen() throws IOException {
		assertThat(Dashboards.queries()).allSatisfy((query) -> {
			int metrics = query.expression().split("\\{", -1).length;
			assertThat(query.expression().split("\\{job=\"\\$job\", instance=~\"\\$instance\"", -1)).hasSize(metrics);
		});
	}

	@Test
	void shouldTakeEveryQueryFromTheChosenDatasource() throws IOException {
		for (Path file : Dashboards.files()) {
			DocumentContext dashboard = Dashboards.read(file);
			assertThat(dashboard.<List<String>>read("$.templating.list[?(@.type == 'datasource')].name"))
				.containsExactly("datasource");
			assertThat(dashboard.<List<String>>read("$..datasource.uid")).isNotEmpty().containsOnly("${datasource}");
			assertThat(dashboard.<List<Object>>read("$.panels[?(@.type != 'row' && !@.datasource)]")).isEmpty();
			assertThat(dashboard.<List<Object>>read("$.panels[*].targets[?(!@.datasource)]")).isEmpty();
		}
	}

	@Test
	void shouldAskInTheOrderOfAnOperatorsQuestions() throws IOException {
		assertThat(Dashboards.rows()).containsExactly("Are calls answered?", "Who is connected where, and how evenly?",
				"Is a node, the directory or a link between nodes in trouble?",
				"Is a drain, a rebalance or a storm going on?", "Are events stored and read?",
				"Do durable pushes arrive?", "Do fleet calls reach all agents?", "What does it cost?");
	}

	/** Grafana draws the thresholds of a graph only if it is told how. */
	@Test
	void shouldDrawTheThresholdsOfGraphs() throws IOException {
		for (Path file : Dashboards.files()) {
			List<Map<String, Object>> graphs = Dashboards.read(file)
				.read("$.panels[?(@.type == 'timeseries' && @.fieldConfig.defaults.thresholds.steps.length() > 1)]");
			assertThat(graphs).isNotEmpty()
				.allSatisfy((panel) -> assertThat(
						JsonPath.<String>read(panel, "$.fieldConfig.defaults.custom.thresholdsStyle.mode"))
					.as("%s", panel.get("title"))
					.isEqualTo("dashed"));
		}
	}

	/** A state is a number: 1 for the first of the query, and so on. */
	@Test
	void shouldNameEveryStateOfATimeline() throws IOException {
		Pattern factor = Pattern.compile("[*+] (\\d)");
		for (Path file : Dashboards.files()) {
			List<Map<String, Object>> timelines = Dashboards.read(file).read("$.panels[?(@.type == 'state-timeline')]");
			assertThat(timelines).isNotEmpty().allSatisfy((panel) -> {
				Map<String, Object> names = JsonPath.read(panel, "$.fieldConfig.defaults.mappings[0].options");
				String query = JsonPath.read(panel, "$.targets[0].expr");
				assertThat(names).containsKey("1")
					.containsKeys(
							factor.matcher(query).results().map((found) -> found.group(1)).toArray(String[]::new));
			});
		}
	}

	@Test
	void shouldHaveAPictureOfEachRowInThePageForOperators() throws IOException {
		List<String> pictures = Dashboards.rows().stream().map(DashboardsTests::picture).toList();
		assertThat(PICTURE.matcher(Files.readString(Path.of("docs/operating.md")))
			.results()
			.map((found) -> found.group(1))).containsExactlyElementsOf(pictures);
		assertThat(pictures).allSatisfy((picture) -> assertThat(Path.of("docs", picture)).isNotEmptyFile());
	}

	/** As {@code docs/pictures/draw} names it. */
	private static String picture(String row) {
		String name = row.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
		return "pictures/" + name + ".png";
	}

	@Test
	void shouldPlaceNoPanelOverAnother() throws IOException {
		for (Path file : Dashboards.files()) {
			Set<List<Integer>> cells = new HashSet<>();
			for (Map<String, Object> panel : Dashboards.read(file).<List<Map<String, Object>>>read("$.panels[*]")) {
				int left = JsonPath.read(panel, "$.gridPos.x");
				int top = JsonPath.read(panel, "$.gridPos.y");
				int right = left + JsonPath.<Integer>read(panel, "$.gridPos.w");
				int bottom = top + JsonPath.<Integer>read(panel, "$.gridPos.h");
				assertThat(right).isLessThanOrEqualTo(WIDTH);
				for (int x = left; x < right; x++) {
					for (int y = top; y < bottom; y++) {
						assertThat(cells.add(List.of(x, y))).as("%s at %d, %d", panel.get("title"), x, y).isTrue();
					}
				}
			}
		}
	}

	@Test
	void shouldGiveEachPanelAnIdOfItsOwn() throws IOException {
		Set<String> uids = new HashSet<>();
		for (Path file : Dashboards.files()) {
			DocumentContext dashboard = Dashboards.read(file);
			assertThat(uids.add(dashboard.read("$.uid"))).isTrue();
			assertThat(dashboard.<List<Integer>>read("$.panels[*].id")).doesNotHaveDuplicates();
			assertThat(dashboard.<Integer>read("$.schemaVersion")).isGreaterThanOrEqualTo(39);
		}
	}

}
