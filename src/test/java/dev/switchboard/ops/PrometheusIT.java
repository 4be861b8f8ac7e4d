package dev.switchboard.ops;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.jayway.jsonpath.JsonPath;
import dev.switchboard.FreePorts;
import dev.switchboard.agent.SwitchboardAgent;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Needs Debian's prometheus: {@code mvn -Pdebian verify}. */
@Tag("debian")
class PrometheusIT {

	private static final Duration PATIENCE = Duration.ofMinutes(2);

	private static final int AGENTS = 4;

	/**
	 * So many scrapes make graphs. A panel is not empty any more after two, which may lie
	 * between two points of a graph.
	 */
	private static final int ENOUGH_TO_DRAW = 15;

	private final int port = FreePorts.next();

	@Test
	void shouldHaveRulesThatFireOnTheirOwnTroubleOnly(@TempDir Path folder) throws Exception {
		Files.copy(Rules.FILE, folder.resolve("rules.yaml"));
		Files.copy(Rules.TESTS, folder.resolve("rules-test.yaml"));
		Server.run(folder, "promtool", "check", "rules", "rules.yaml");
		Server.run(folder, "promtool", "test", "rules", "rules-test.yaml");
	}

	@Test
	void shouldFillEveryPanelOfThreeNodesUnderLoad(@TempDir Path folder) throws Exception {
		try (ThreeNodes nodes = new ThreeNodes(); Server prometheus = prometheus(folder, nodes)) {
			List<SwitchboardAgent> agents = new ArrayList<>();
			nodes.all().forEach((node) -> agents.addAll(ThreeNodes.connect(node.agent(""), "laptop-", AGENTS)));
			try (Load _ = new Load(nodes, agents, AGENTS)) {
				Awaitility.await()
					.atMost(PATIENCE)
					.pollInterval(Duration.ofSeconds(1))
					.failFast(prometheus::check)
					.untilAsserted(() -> assertThat(emptyPanels(nodes)).isEmpty());
				Awaitility.await().atMost(PATIENCE).untilAsserted(() -> assertHealthyRules(nodes));
				awaitScrapes(nodes, scrapes(nodes) + ENOUGH_TO_DRAW);
				assertThat(draw(folder)).isEqualTo(Dashboards.rows().size());
			}
			agents.parallelStream().forEach(SwitchboardAgent::close);
		}
	}

	/**
	 * Draws the last minute as {@code docs/operating.md} has it, and counts the pictures.
	 */
	private int draw(Path folder) throws IOException, InterruptedException {
		Path pictures = Files.createDirectory(folder.resolve("pictures"));
		long now = Instant.now().getEpochSecond();
		Path events = Files.writeString(folder.resolve("events"),
				"%d start\n%d a line\n%d end\n".formatted(now - 60, now - 30, now));
		Server.run(Path.of("."), "docs/pictures/draw", "http://127.0.0.1:" + this.port, events.toString(),
				pictures.toString());
		try (Stream<Path> drawn = Files.list(pictures)) {
			return (int) drawn.count();
		}
	}

	/** Prometheus as in compose.yaml, but with these nodes, and more often. */
	private Server prometheus(Path folder, ThreeNodes nodes) throws IOException, InterruptedException {
		String targets = String.join(", ",
				nodes.all().stream().map((node) -> "127.0.0.1:" + node.managementPort()).toList());
		Files.writeString(folder.resolve("prometheus.yml"),
				Files.readString(Path.of("examples/prometheus/prometheus.yml"))
					.replaceAll("targets: \\[.*]", "targets: [" + targets + "]")
					.replaceAll("_interval: 5s", "_interval: 1s"));
		Files.copy(Rules.FILE, folder.resolve("rules.yaml"));
		Server.run(folder, "promtool", "check", "config", "prometheus.yml");
		return Server.start(folder, "prometheus", "--config.file=prometheus.yml", "--storage.tsdb.path=data",
				"--web.listen-address=127.0.0.1:" + this.port);
	}

	private List<Dashboards.Query> emptyPanels(ThreeNodes nodes) throws Exception {
		List<Dashboards.Query> empty = new ArrayList<>();
		for (Dashboards.Query query : Dashboards.queries()) {
			List<String> values = JsonPath.read(ask(nodes, "query?query=" + encode(query.of("switchboard", "10s"))),
					"$.data.result[*].value[1]");
			if (values.stream().allMatch("NaN"::equals)) {
				empty.add(query);
			}
		}
		return empty;
	}

	private void awaitScrapes(ThreeNodes nodes, double count) {
		Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofSeconds(1)).until(() -> scrapes(nodes) >= count);
	}

	/** How often each node was scraped, at least. */
	private double scrapes(ThreeNodes nodes) throws Exception {
		List<String> values = JsonPath.read(ask(nodes, "query?query=" + encode("min(count_over_time(up[1h]))")),
				"$.data.result[*].value[1]");
		return Double.parseDouble(values.getFirst());
	}

	private void assertHealthyRules(ThreeNodes nodes) throws Exception {
		List<Map<String, Object>> rules = JsonPath.read(ask(nodes, "rules"), "$.data.groups[*].rules[*]");
		assertThat(rules).isNotEmpty().allSatisfy((rule) -> assertThat(rule).containsEntry("health", "ok"));
	}

	private String ask(ThreeNodes nodes, String path) throws Exception {
		return nodes.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + this.port + "/api/v1/" + path)))
			.body();
	}

	private static String encode(String query) {
		return URLEncoder.encode(query, StandardCharsets.UTF_8);
	}

}
