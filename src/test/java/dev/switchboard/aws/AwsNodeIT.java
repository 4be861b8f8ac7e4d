package dev.switchboard.aws;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import dev.switchboard.GatewayProcess;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;
import static org.assertj.core.api.Assertions.assertThat;

@Tag("slow")
@DisplayName("A node on AWS, as WireMock plays it")
class AwsNodeIT {

	private static final String ZONE = "/2013-04-01/hostedzone/Z123";

	private static final Pattern IDENTIFIER = Pattern.compile("<SetIdentifier>(.+?)</SetIdentifier>");

	private final WireMockServer server = TestAws.server();

	@SuppressWarnings("NullAway.Init")
	private TestMetadata metadata;

	@BeforeEach
	void start() {
		this.server.start();
		this.metadata = new TestMetadata(this.server);
		this.metadata.item("public-ipv4", "one", "198.51.100.7");
		xml(ZONE, "<GetHostedZoneResponse><HostedZone><Id>/hostedzone/Z123</Id><Name>example.com.</Name></HostedZone>"
				+ "</GetHostedZoneResponse>");
		listed("");
		xml("/2013-04-01/change/C1", "<GetChangeResponse><ChangeInfo><Id>/change/C1</Id><Status>INSYNC</Status>"
				+ "</ChangeInfo></GetChangeResponse>");
		this.server.stubFor(post(urlPathMatching(ZONE + "/rrset/?"))
			.willReturn(TestAws.xml(200, "<ChangeResourceRecordSetsResponse><ChangeInfo><Id>/change/C1</Id>"
					+ "<Status>PENDING</Status></ChangeInfo></ChangeResourceRecordSetsResponse>")));
	}

	@AfterEach
	void stop() {
		this.server.stop();
	}

	private void xml(String url, String body) {
		this.server.stubFor(get(urlEqualTo(url)).willReturn(TestAws.xml(200, body)));
	}

	private void listed(String sets) {
		ResponseDefinitionBuilder page = TestAws.xml(200, "<ListResourceRecordSetsResponse><ResourceRecordSets>" + sets
				+ "</ResourceRecordSets><IsTruncated>false</IsTruncated></ListResourceRecordSetsResponse>");
		this.server.stubFor(get(urlPathEqualTo(ZONE + "/rrset")).willReturn(page));
	}

	private GatewayProcess nodeOf(String pool) {
		return node("switchboard.dns.pool=" + pool, "switchboard.aws.route53.zone=Z123",
				"switchboard.aws.metadata.addresses=public");
	}

	private GatewayProcess node(String... options) {
		Stream<String> aws = Stream.of("switchboard.aws.metadata.endpoint=" + this.server.baseUrl(),
				"spring.cloud.aws.endpoint=" + this.server.baseUrl(), "spring.cloud.aws.region.static=eu-central-1",
				"spring.cloud.aws.credentials.access-key=key", "spring.cloud.aws.credentials.secret-key=secret");
		return GatewayProcess.launch(Stream.concat(aws, Stream.of(options)).toArray(String[]::new));
	}

	private List<String> batches(String action) {
		return this.server.getAllServeEvents()
			.stream()
			.map((event) -> event.getRequest().getBodyAsString())
			.filter((body) -> body.contains("<Action>" + action + "</Action>"))
			.toList();
	}

	@Test
	@DisplayName("| enters the hosted zone with the address of its instance, and leaves it when it stops")
	void shouldEnterTheHostedZoneAndLeaveIt() {
		try (GatewayProcess node = nodeOf("agents.example.com")) {
			node.awaitReady();
			Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> !batches("UPSERT").isEmpty());
			String entered = batches("UPSERT").getFirst();
			assertThat(entered).contains("<Value>198.51.100.7</Value>", "<MultiValueAnswer>true</MultiValueAnswer>");
			Awaitility.await()
				.atMost(Duration.ofMinutes(1))
				.until(() -> node.log().contains("This node is in agents.example.com, with 198.51.100.7"));
			MatchResult identifier = IDENTIFIER.matcher(entered).results().findFirst().orElseThrow();
			listed("<ResourceRecordSet><Name>agents.example.com.</Name><Type>A</Type><SetIdentifier>"
					+ identifier.group(1) + "</SetIdentifier><MultiValueAnswer>true</MultiValueAnswer><TTL>30</TTL>"
					+ "<ResourceRecords><ResourceRecord><Value>198.51.100.7</Value></ResourceRecord></ResourceRecords>"
					+ "</ResourceRecordSet>");
			node.stop();
			assertThat(batches("DELETE")).isNotEmpty()
				.allSatisfy((batch) -> assertThat(batch).contains(Objects.requireNonNull(identifier.group(1))));
		}
	}

	@Test
	@DisplayName("| is listed with the availability zone of its instance")
	void shouldBeListedWithTheZoneOfItsInstance() {
		this.metadata.item("placement/availability-zone", "one", "eu-central-1a");
		try (GatewayProcess node = node("switchboard.aws.metadata.zone=true");
				HttpClient http = HttpClient.newHttpClient()) {
			node.awaitReady();
			HttpRequest request = HttpRequest.newBuilder(node.api("/v1/nodes")).build();
			Awaitility.await()
				.atMost(Duration.ofMinutes(1))
				.until(() -> http.send(request, HttpResponse.BodyHandlers.ofString())
					.body()
					.contains("\"zone\":\"eu-central-1a\""));
		}
	}

	@Test
	@DisplayName("| does not start with a hosted zone that does not contain the pool, and says so in one line")
	void shouldRefuseAHostedZoneThatDoesNotContainThePool() throws Exception {
		try (GatewayProcess node = nodeOf("agents.example.org")) {
			assertThat(node.awaitExit()).isEqualTo(1);
			assertThat(node.log().lines().filter((line) -> line.contains("ERROR"))).singleElement()
				.asString()
				.contains("switchboard.aws.route53.zone=Z123 is the hosted zone example.com.",
						"switchboard.dns.pool=agents.example.org");
		}
	}

	@Test
	@DisplayName("| completes its launch, and drains before Auto Scaling ends its instance")
	void shouldFollowTheLifeOfItsInstance() {
		String state = "autoscaling/target-lifecycle-state";
		this.metadata.item("instance-id", "one", "i-0123");
		this.metadata.item(state, "one", "InService");
		this.server.stubFor(post(urlEqualTo("/")).willReturn(TestAws.xml(200, "<Response/>")));
		try (GatewayProcess node = node("switchboard.aws.auto-scaling.group=group-1",
				"switchboard.aws.auto-scaling.launch-hook=ready", "switchboard.aws.auto-scaling.termination-hook=drain",
				"switchboard.aws.auto-scaling.poll=1s", "switchboard.drain.announce=1s")) {
			node.awaitReady();
			awaitAction("CompleteLifecycleAction", "ready");
			assertThat(actions("CompleteLifecycleAction", "drain")).isEmpty();
			this.metadata.item(state, "one", "Terminated");
			awaitAction("CompleteLifecycleAction", "drain");
			awaitAction("RecordLifecycleActionHeartbeat", "drain");
			assertThat(node.readiness()).isEqualTo(503);
			assertThat(node.isAlive()).isTrue();
		}
	}

	private void awaitAction(String action, String hook) {
		Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> !actions(action, hook).isEmpty());
	}

	private List<String> actions(String action, String hook) {
		return this.server.getAllServeEvents()
			.stream()
			.map((event) -> event.getRequest().getBodyAsString())
			.filter((body) -> body.contains("Action=" + action) && body.contains("LifecycleHookName=" + hook)
					&& body.contains("InstanceId=i-0123"))
			.toList();
	}

	@Test
	@DisplayName("| does not start with a hook of no group, and says so in one line")
	void shouldRefuseAHookWithoutAGroup() throws Exception {
		try (GatewayProcess node = node("switchboard.aws.auto-scaling.launch-hook=ready")) {
			assertThat(node.awaitExit()).isEqualTo(1);
			assertThat(node.log().lines().filter((line) -> line.contains("ERROR"))).singleElement()
				.asString()
				.contains(
						"switchboard.aws.auto-scaling.launch-hook is set, but switchboard.aws.auto-scaling.group is not");
		}
	}

}
