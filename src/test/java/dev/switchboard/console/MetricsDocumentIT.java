package dev.switchboard.console;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse;
import java.time.Duration;

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
