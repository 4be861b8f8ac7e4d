package dev.switchboard.aws;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import dev.switchboard.dns.DnsException;
import dev.switchboard.dns.PoolChange;
import dev.switchboard.dns.PoolEntry;
import dev.switchboard.dns.PoolName;
import dev.switchboard.dns.TestZone;
import dev.switchboard.problem.SettingsRefusedException;
import dev.switchboard.protocol.TestIds;
import dev.switchboard.time.Backoff;
import dev.switchboard.time.Chance;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import software.amazon.awssdk.services.route53.Route53Client;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.delete;
import static com.github.tomakehurst.wiremock.client.WireMock.deleteRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.awaitility.Awaitility.await;

class Route53ZoneTests {

	private static final String SETS = "/2013-04-01/hostedzone/Z123/rrset";

	private static final PoolName POOL = new PoolName("agents.example.com");

	private final WireMockServer server = TestAws.server();

	private final PoolEntry own = TestZone.entry(TestIds.node(), "192.0.2.1", "2001:db8::1");

	private final PoolEntry other = TestZone.entry(TestIds.node(), "192.0.2.2");

	@BeforeEach
	void start() {
		this.server.start();
		accept();
	}

	@AfterEach
	void stop() {
		this.server.stop();
	}

	private Route53Requests requests() {
		Route53Client client = AwsCalls.client(TestAws.settings(this.server), Route53Client.builder());
		return new Route53Requests(client, "Z123", quickly());
	}

	private static Backoff quickly() {
		return new Backoff(Duration.ofMillis(1), Duration.ofMillis(1), Chance.SYSTEM);
	}

	private Route53Zone zone(Route53Settings settings) {
		Route53Requests requests = requests();
		return new Route53Zone(new NodeRecordSets(POOL, 30, settings.weight()), requests,
				new HealthChecks(settings, requests, quickly()));
	}

	private Route53Zone zone() {
		return zone(new Route53Settings("Z123", null, null, Route53Settings.CheckType.HTTP));
	}

	/** Makes a change in a pool. */
	private static void change(Route53Zone zone, List<PoolEntry> removed, List<PoolEntry> added) {
		zone.change((_) -> Mono.just(new PoolChange(removed, added))).block();
	}

	private void listed(PoolEntry... entries) {
		listed("", entries);
	}

	private void listed(String more, PoolEntry... entries) {
		String sets = List.of(entries).stream().map(Route53ZoneTests::sets).collect(Collectors.joining());
		this.server
			.stubFor(get(urlPathEqualTo(SETS)).willReturn(page(sets + more, "<IsTruncated>false</IsTruncated>")));
	}

	private static ResponseDefinitionBuilder page(String sets, String end) {
		return TestAws.xml(200, "<ListResourceRecordSetsResponse><ResourceRecordSets>" + sets + "</ResourceRecordSets>"
				+ end + "<MaxItems>300</MaxItems></ListResourceRecordSetsResponse>");
	}

	private static String sets(PoolEntry entry) {
		String address = entry.addressText();
		return set(POOL + ".", "switchboard_" + entry.node() + "_" + address, address)
				+ set(POOL.of(entry.node()) + ".", null, address);
	}

	private static String set(String name, @Nullable String identifier, String address) {
		String multi = (identifier == null) ? ""
				: "<SetIdentifier>" + identifier + "</SetIdentifier><MultiValueAnswer>true</MultiValueAnswer>"
						+ "<HealthCheckId>check-" + address + "</HealthCheckId>";
		return "<ResourceRecordSet><Name>" + name + "</Name><Type>A</Type>" + multi
				+ "<TTL>60</TTL><ResourceRecords><ResourceRecord><Value>" + address
				+ "</Value></ResourceRecord></ResourceRecords></ResourceRecordSet>";
	}

	private void accept() {
		this.server.stubFor(post(urlPathEqualTo(SETS + "/")).willReturn(accepted()));
		this.server.stubFor(post(urlPathEqualTo(SETS)).willReturn(accepted()));
		this.server.stubFor(delete(anyUrl()).willReturn(TestAws.xml(200, "<DeleteHealthCheckResponse/>")));
	}

	private static ResponseDefinitionBuilder accepted() {
		return TestAws.xml(200, "<ChangeResourceRecordSetsResponse><ChangeInfo><Id>/change/C1</Id>"
				+ "<Status>PENDING</Status></ChangeInfo></ChangeResourceRecordSetsResponse>");
	}

	private void refuse(ResponseDefinitionBuilder refusal) {
		this.server.stubFor(any(anyUrl()).willReturn(refusal));
	}

	private List<String> batches() {
		return this.server.getAllServeEvents()
			.stream()
			.filter((event) -> event.getRequest().getBodyAsString().contains("<ChangeBatch>"))
			.map((event) -> event.getRequest().getBodyAsString())
			.toList();
	}

	@Test
	void shouldPutAllRecordsOfANodeInOneBatch() {
		listed();
		change(zone(), List.of(), List.of(this.own));
		String id = this.own.node().toString();
		assertThat(batches()).singleElement()
			.asString()
			.contains("<SetIdentifier>switchboard_" + id + "_192.0.2.1</SetIdentifier>",
					"<SetIdentifier>switchboard_" + id + "_2001:db8::1</SetIdentifier>",
					"<MultiValueAnswer>true</MultiValueAnswer>", "<Name>" + id + ".agents.example.com</Name>",
					"<Type>AAAA</Type>", "<TTL>30</TTL>")
			.doesNotContain("DELETE", "HealthCheckId");
	}

	@Test
	void shouldPutWeightedRecordsIfAWeightIsSet() {
		listed();
		change(zone(new Route53Settings("Z123", 10L, null, Route53Settings.CheckType.HTTP)), List.of(),
				List.of(this.own));
		assertThat(batches()).singleElement().asString().contains("<Weight>10</Weight>").doesNotContain("MultiValue");
	}

	@Test
	void shouldReadTheEntriesOfAllPagesAndStopAtTheEndOfThePool() {
		this.server.stubFor(get(urlEqualTo(SETS + "?name=agents.example.com")).willReturn(page(sets(this.other),
				"<IsTruncated>true</IsTruncated><NextRecordName>n.agents.example.com.</NextRecordName>"
						+ "<NextRecordType>A</NextRecordType>")));
		PoolEntry later = TestZone.entry(TestIds.node(), "192.0.2.3");
		this.server.stubFor(get(urlEqualTo(SETS + "?name=n.agents.example.com.&type=A"))
			.willReturn(page(sets(later) + set("z.example.com.", null, "192.0.2.9"),
					"<IsTruncated>true</IsTruncated><NextRecordName>zz.example.com.</NextRecordName>")));
		zone().change((entries) -> {
			assertThat(entries).containsExactly(this.other, later);
			return Mono.just(new PoolChange(List.of(), List.of()));
		}).block();
		this.server.verify(2, getRequestedFor(urlPathEqualTo(SETS)));
		assertThat(batches()).isEmpty();
	}

	@Test
	void shouldLeaveOutRecordsThatNoNodeHasMade() {
		listed(set(POOL + ".", "by-hand", "192.0.2.7") + set(POOL + ".", "switchboard_x_192.0.2.8", "192.0.2.8"));
		zone().change((entries) -> {
			assertThat(entries).isEmpty();
			return Mono.just(new PoolChange(List.of(), List.of()));
		}).block();
	}

	@Test
	void shouldRemoveExactlyTheRecordsOfTheNodeAsTheyAreAndThenItsHealthCheck() {
		PoolEntry live = TestZone.entry(TestIds.node(), "192.0.2.3");
		listed(this.other, live);
		change(zone(), List.of(this.other), List.of());
		assertThat(batches()).singleElement()
			.asString()
			.contains("<Action>DELETE</Action>", "<TTL>60</TTL>", "<HealthCheckId>check-192.0.2.2</HealthCheckId>",
					"<Name>" + POOL.of(this.other.node()) + ".</Name>")
			.doesNotContain(live.node().toString());
		await().untilAsserted(
				() -> this.server.verify(deleteRequestedFor(urlEqualTo("/2013-04-01/healthcheck/check-192.0.2.2"))));
	}

	@Test
	void shouldMakeAHealthCheckForEachAddressFirst() {
		listed();
		this.server.stubFor(post(urlPathEqualTo("/2013-04-01/healthcheck")).willReturn(TestAws
			.xml(201, "<CreateHealthCheckResponse><HealthCheck><Id>h1</Id></HealthCheck></CreateHealthCheckResponse>")
			.withHeader("Location", "/2013-04-01/healthcheck/h1")));
		change(zone(new Route53Settings("Z123", null, 8090, Route53Settings.CheckType.HTTP)), List.of(),
				List.of(this.other));
		this.server.verify(1,
				postRequestedFor(urlPathEqualTo("/2013-04-01/healthcheck"))
					.withRequestBody(containing("<IPAddress>192.0.2.2</IPAddress>"))
					.withRequestBody(containing("<Port>8090</Port>"))
					.withRequestBody(containing("<ResourcePath>/healthz</ResourcePath>")));
		assertThat(batches()).singleElement().asString().contains("<HealthCheckId>h1</HealthCheckId>");
	}

	@Test
	void shouldEnterThoughARemovalIsRefused() {
		listed(this.other);
		this.server.stubFor(post(urlPathEqualTo(SETS)).withRequestBody(containing("DELETE"))
			.willReturn(TestAws.refusal(403, "AccessDenied", "not allowed")));
		this.server.stubFor(post(urlPathEqualTo(SETS + "/")).withRequestBody(containing("DELETE"))
			.willReturn(TestAws.refusal(403, "AccessDenied", "not allowed")));
		assertThatExceptionOfType(DnsException.class)
			.isThrownBy(() -> change(zone(), List.of(this.other), List.of(this.own)))
			.withMessage("Route 53 answers AccessDenied: not allowed");
		assertThat(batches()).anyMatch((batch) -> batch.contains("UPSERT") && !batch.contains("DELETE"));
	}

	@Test
	void shouldSplitManyRemovalsIntoBatches() {
		List<PoolEntry> dead = IntStream.range(1, 121)
			.mapToObj((n) -> TestZone.entry(TestIds.node(), "192.0.2." + n))
			.toList();
		listed(dead.toArray(PoolEntry[]::new));
		change(zone(), dead, List.of());
		assertThat(batches()).hasSize(3)
			.allSatisfy((batch) -> assertThat(batch.split("<Action>", -1)).hasSizeLessThanOrEqualTo(101));
	}

	@Test
	void shouldSayThatRoute53IsThrottlingAndSendNoMoreByItself() {
		refuse(TestAws.refusal(400, "Throttling", "Rate exceeded"));
		assertThatExceptionOfType(DnsException.class).isThrownBy(() -> change(zone(), List.of(), List.of(this.own)))
			.withMessage("Route 53 answers Throttling: Rate exceeded");
		assertThat(this.server.getAllServeEvents()).hasSize(1);
	}

	@Test
	void shouldSayThatRoute53DoesNotAnswer() {
		Route53Zone zone = zone();
		this.server.stop();
		assertThatExceptionOfType(DnsException.class).isThrownBy(() -> change(zone, List.of(), List.of(this.own)))
			.withMessageStartingWith("Route 53 does not answer");
		this.server.start();
	}

	@Test
	void shouldTakeAnotherChangeThatIsBeingMadeForNoFailure() {
		listed();
		this.server.stubFor(post(urlPathEqualTo(SETS))
			.willReturn(TestAws.refusal(400, "PriorRequestNotComplete", "still processing")));
		this.server.stubFor(post(urlPathEqualTo(SETS + "/"))
			.willReturn(TestAws.refusal(400, "PriorRequestNotComplete", "still processing")));
		assertThatExceptionOfType(DnsException.class).isThrownBy(() -> change(zone(), List.of(), List.of(this.own)))
			.withMessage("Route 53 is making another change");
	}

	@Test
	void shouldTakeARemovalThatAnotherNodeWasFasterWithForNoFailure() {
		listed(this.other);
		ResponseDefinitionBuilder gone = TestAws.refusal(400, "InvalidChangeBatch",
				"[Tried to delete resource record set [name='agents.example.com.', type='A'] but it was not found]");
		this.server.stubFor(post(urlPathEqualTo(SETS)).willReturn(gone));
		this.server.stubFor(post(urlPathEqualTo(SETS + "/")).willReturn(gone));
		assertThatExceptionOfType(DnsException.class).isThrownBy(() -> change(zone(), List.of(this.other), List.of()))
			.withMessage("another node has changed the pool meanwhile");
	}

	@Test
	void shouldWaitWhileAChangeIsPending() {
		listed();
		String change = "/2013-04-01/change/C1";
		this.server.stubFor(get(urlEqualTo(change)).inScenario("change")
			.whenScenarioStateIs("Started")
			.willSetStateTo("pending")
			.willReturn(TestAws.refusal(400, "Throttling", "Rate exceeded")));
		this.server.stubFor(get(urlEqualTo(change)).inScenario("change")
			.whenScenarioStateIs("pending")
			.willSetStateTo("done")
			.willReturn(state("PENDING")));
		this.server.stubFor(
				get(urlEqualTo(change)).inScenario("change").whenScenarioStateIs("done").willReturn(state("INSYNC")));
		Route53Zone zone = zone();
		change(zone, List.of(), List.of(this.own));
		zone.settled().block(Duration.ofSeconds(30));
		this.server.verify(3, getRequestedFor(urlEqualTo(change)));
		zone.settled().block(Duration.ofSeconds(30));
		this.server.verify(3, getRequestedFor(urlEqualTo(change)));
	}

	private static ResponseDefinitionBuilder state(String status) {
		return TestAws.xml(200, "<GetChangeResponse><ChangeInfo><Id>/change/C1</Id><Status>" + status
				+ "</Status></ChangeInfo></GetChangeResponse>");
	}

	private void zoneNamed(String name) {
		this.server.stubFor(get(urlEqualTo("/2013-04-01/hostedzone/Z123"))
			.willReturn(TestAws.xml(200, "<GetHostedZoneResponse><HostedZone><Id>/hostedzone/Z123</Id><Name>" + name
					+ "</Name></HostedZone></GetHostedZoneResponse>")));
	}

	@Test
	void shouldRefuseAZoneThatDoesNotContainThePool() {
		zoneNamed("example.com.");
		assertThatNoException().isThrownBy(() -> requests().check(POOL));
		zoneNamed("example.org.");
		assertThatExceptionOfType(SettingsRefusedException.class).isThrownBy(() -> requests().check(POOL))
			.withMessage("switchboard.aws.route53.zone=Z123 is the hosted zone example.org., which does not contain "
					+ "switchboard.dns.pool=agents.example.com.");
	}

	@Test
	void shouldRefuseAZoneThatIsNotThere() {
		refuse(TestAws.refusal(404, "NoSuchHostedZone", "No hosted zone found"));
		assertThatExceptionOfType(SettingsRefusedException.class).isThrownBy(() -> requests().check(POOL))
			.withMessageContaining("switchboard.aws.route53.zone=Z123");
	}

	@Test
	void shouldStartThoughTheZoneCannotBeChecked() {
		refuse(TestAws.refusal(403, "AccessDenied", "not allowed"));
		Route53Requests requests = requests();
		assertThatNoException().isThrownBy(() -> requests.check(POOL));
		this.server.stop();
		assertThatNoException().isThrownBy(() -> requests.check(POOL));
		this.server.start();
	}

}
