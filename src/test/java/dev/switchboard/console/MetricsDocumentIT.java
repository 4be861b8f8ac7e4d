package dev.switchboard.console;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import dev.switchboard.GatewayProcess;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Compares {@code docs/metrics.md} with a scrape after a call and a close. */
class MetricsDocumentIT {

	private static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private static final String AGENT = "/v1/tenants/demo/agents/laptop-1";

	private static GatewayProcess gateway;

	private static Scrape scrape;

	@BeforeAll
	static void callAnAgentAndCloseItsConnection() throws Exception {
		gateway = GatewayProcess.start("switchboard.dev.sample-agents=1");
		Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> call().statusCode() == 200);
		send(HttpRequest.newBuilder(gateway.api(AGENT + "/connection")).DELETE());
		Awaitility.await()
			.atMost(Duration.ofSeconds(30))
			.until(() -> scraped().contains("switchboard_connections_closed_total"));
		scrape = Scrape.of(scraped());
	}

	@AfterAll
	static void stop() {
		gateway.close();
	}

	@Test
	void shouldDescribeEveryMetricThatIsScraped() throws Exception {
		MetricsDocument document = MetricsDocument.read();
		assertThat(scrape.entries().keySet()).isNotEmpty().isSubsetOf(document.entries().keySet());
		assertThat(scrape.entries().values()).allSatisfy((scraped) -> {
			MetricsDocument.Entry described = document.entries().get(scraped.name());
			assertThat(described).usingRecursiveComparison().ignoringFields("lazy").isEqualTo(scraped);
		});
	}

	@Test
	void shouldDescribeNoMetricThatIsNotScraped() throws Exception {
		assertThat(MetricsDocument.read().entries().values()).isNotEmpty()
			.filteredOn((described) -> !described.lazy())
			.extracting(MetricsDocument.Entry::name)
			.isSubsetOf(scrape.entries().keySet());
	}

	@Test
	void shouldHaveBegunToCountWhatHasHappened() {
		assertThat(scrape.entries()).containsKeys("switchboard_handshakes_total",
				"switchboard_connections_closed_total");
	}

	@Test
	void shouldExplainEveryMetricOfOurs() throws Exception {
		Set<String> explained = Pattern.compile("^# HELP (switchboard_\\w+) \\S", Pattern.MULTILINE)
			.matcher(scraped())
			.results()
			.map((help) -> help.group(1))
			.collect(Collectors.toSet());
		assertThat(explained).containsAll(scrape.entries().keySet());
	}

	@Test
	void shouldHaveFewAndRoundBuckets() throws Exception {
		Pattern bucket = Pattern.compile("^switchboard_calls_seconds_bucket\\{.*outcome=\"completed\".*le=\"([^\"]+)\"",
				Pattern.MULTILINE);
		List<String> bounds = bucket.matcher(scraped()).results().map((found) -> found.group(1)).toList();
		assertThat(bounds).contains("0.1", "0.25", "0.5", "1.0", "+Inf").hasSizeLessThan(20);
	}

	@Test
	void shouldStillMeasureEveryGaugeAfterACollection() throws Exception {
		assertThat(gateway.liveObjects()).isNotEmpty(); // It collects all garbage first.
		assertThat(scraped().lines().filter((line) -> line.startsWith("switchboard_") && line.endsWith(" NaN")))
			.isEmpty();
	}

	@Test
	void shouldSayThatTheNodeIsUpAndHowMuchItTakes() throws Exception {
		assertThat(scraped())
			.contains("switchboard_node_state{state=\"up\"} 1.0", "switchboard_node_state{state=\"degraded\"} 0.0",
					"switchboard_node_capacity 200000.0")
			.containsPattern("switchboard_build_info\\{java=\"25[^\"]*\",version=\"\\d[^\"]*\"\\} 1")
			.containsPattern("switchboard_node_lease_age_seconds \\d");
	}

	@Test
	void shouldCountAProblemByItsName() throws Exception {
		send(HttpRequest.newBuilder(gateway.api("/v1/tenants/demo/agents/nobody")));
		assertThat(scraped()).contains("switchboard_problems_total{problem=\"agent-unknown\"}");
	}

	private static HttpResponse<String> call() throws Exception {
		return send(HttpRequest.newBuilder(gateway.api(AGENT + "/calls"))
			.header("Content-Type", "application/json")
			.POST(BodyPublishers.ofString("{\"method\":\"echo\"}")));
	}

	private static String scraped() throws Exception {
		URI uri = gateway.management("/actuator/prometheus");
		return send(HttpRequest.newBuilder(uri)).body();
	}

	private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
		return HTTP.send(request.timeout(Duration.ofSeconds(30)).build(), BodyHandlers.ofString());
	}

}
