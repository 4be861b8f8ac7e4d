package dev.switchboard.contract;

import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.switchboard.GatewayProcess;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

@DisplayName("Pushes, presence, listing, disconnecting, nodes, management")
@ExtendWith(SharedGateway.class)
class ResourcesIT {

	private final GatewayProcess gateway;

	private final Caller caller;

	private final Identity me = Identity.fresh();

	ResourcesIT(GatewayProcess gateway) {
		this.gateway = gateway;
		this.caller = new Caller(gateway);
	}

	@ParameterizedTest(name = "agent {0}")
	@EnumSource(TestAgent.Kind.class)
	@DisplayName("POST .../pushes | 202 sent")
	void shouldPush(TestAgent.Kind kind) throws Exception {
		try (TestAgent agent = kind.connect(this.gateway, this.me)) {
			HttpResponse<String> response = Caller.finished(this.caller.push(this.me, Caller.BODY));
			JsonNode push = agent.next("push");
			assertThat(response.statusCode()).isEqualTo(202);
			assertThat(Json.parse(response))
				.isEqualTo(Json.parse("{\"id\":\"" + push.get("id").asString() + "\",\"outcome\":\"sent\"}"));
			assertThat(push.get("method").asString()).isEqualTo("m");
			assertThat(push.get("payload")).isEqualTo(Json.parse("{\"a\":1}"));
		}
	}

	@Test
	@DisplayName("4002 | an agent reads too slowly; problem unavailable | 503 | not_sent, with Retry-After")
	void shouldCloseAnAgentThatReadsTooSlowly() throws Exception {
		String big = "{\"method\":\"m\",\"payload\":\"" + "x".repeat(200_000) + "\"}";
		try (RawSocketAgent agent = RawSocketAgent.connect(RawHttp.openNarrow(this.gateway.agentPort()), this.me)) {
			List<CompletableFuture<HttpResponse<String>>> pushes = new ArrayList<>();
			for (int i = 0; i < 60; i++) {
				pushes.add(this.caller.push(this.me, big));
			}
			Awaitility.await()
				.until(() -> pushes.stream()
					.filter(CompletableFuture::isDone)
					.anyMatch((push) -> push.join().statusCode() != 202));
			assertThat(agent.awaitClose()).isEqualTo(4002);
			List<HttpResponse<String>> refused = new ArrayList<>();
			for (var push : pushes) {
				HttpResponse<String> response = Caller.finished(push);
				assertThat(response.statusCode()).isIn(202, 409, 502, 503);
				if (response.statusCode() == 503) {
					refused.add(response);
				}
			}
			assertThat(refused).isNotEmpty().allSatisfy((each) -> {
				new Problem("unavailable", 503, "not_sent").in(each);
				assertThat(each.headers().firstValueAsLong("Retry-After")).isPresent();
			});
		}
	}

	@Test
	@DisplayName("GET .../agents/{agent} | online, then offline without what is not known")
	void shouldShowAnAgent() throws Exception {
		try (TestAgent agent = RawSocketAgent.connect(this.gateway, this.me)) {
			JsonNode online = Json.parse(this.caller.get(this.me.path()));
			assertThat(online.propertyNames()).contains("tenant", "agent", "status", "node", "connectionId", "epoch",
					"connectedAt", "remoteAddress");
			assertThat(online.propertyNames()).isSubsetOf("tenant", "agent", "status", "node", "connectionId", "epoch",
					"connectedAt", "lastSeen", "remoteAddress");
			assertThat(online.get("tenant").asString()).isEqualTo(this.me.tenant());
			assertThat(online.get("agent").asString()).isEqualTo(this.me.agent());
			assertThat(online.get("status").asString()).isEqualTo("online");
			assertThat(online.get("epoch").asLong()).isEqualTo(agent.welcome().get("epoch").asLong());
			assertThat(online.get("remoteAddress").asString()).contains("127.0.0.1");
			assertThat(Json.time(online.get("connectedAt"))).isBetween(Instant.now().minusSeconds(60),
					Instant.now().plusSeconds(60));
		}
		this.caller.awaitOffline(this.me);
		JsonNode offline = Json.parse(this.caller.get(this.me.path()));
		assertThat(offline.propertyNames()).contains("tenant", "agent", "status", "lastSeen").doesNotContain("node");
		assertThat(offline.get("lastClose").propertyNames()).containsExactly("code", "reason", "at");
		assertThat(offline.at("/lastClose/code").asInt()).isIn(1000, 1005, 1006);
		assertThat(Json.time(offline.get("lastSeen"))).isAfter(Instant.now().minusSeconds(60));
		assertThat(offline.values()).noneMatch(JsonNode::isNull);
	}

	@Test
	@DisplayName("GET .../agents | pages of the tenant's agents, by status")
	void shouldListAgents() throws Exception {
		String tenant = this.me.tenant();
		for (String gone : List.of("gone-1", "gone-2")) {
			RawSocketAgent.connect(this.gateway, new Identity(tenant, gone)).close();
			this.caller.awaitOffline(new Identity(tenant, gone));
		}
		List<TestAgent> agents = new ArrayList<>();
		for (String here : List.of("B", "a", "b", "c", "d")) {
			agents.add(RawSocketAgent.connect(this.gateway, new Identity(tenant, here)));
		}
		try (TestAgent _ = RawSocketAgent.connect(this.gateway, Identity.fresh())) {
			awaitListed("?status=online", "B", "a", "b", "c", "d");
			awaitListed("?status=offline", "gone-1", "gone-2");
			awaitListed("", "B", "a", "b", "c", "d", "gone-1", "gone-2");
			awaitListed("?limit=2", "B", "a", "b", "c", "d", "gone-1", "gone-2");
			awaitListed("?status=online&limit=1", "B", "a", "b", "c", "d");
			awaitListed("?status=online&limit=5", "B", "a", "b", "c", "d");
			JsonNode page = page("?status=online&limit=2", "");
			assertThat(page.get("agents")).hasSize(2);
			assertThat(page.get("next").isString()).isTrue();
			assertThat(page.at("/agents/0/status").asString()).isEqualTo("online");
			assertThat(page.at("/agents/0/tenant").asString()).isEqualTo(tenant);
		}
		for (TestAgent agent : agents) {
			agent.close();
		}
	}

	@Test
	@DisplayName("GET .../agents of an unknown tenant | an empty page")
	void shouldListNoAgentsOfAnUnknownTenant() throws Exception {
		assertThat(page("", "")).isEqualTo(Json.parse("{\"agents\":[]}"));
	}

	@ParameterizedTest(name = "{0}")
	@ValueSource(strings = { "?limit=abc", "?limit=0", "?limit=-1", "?status=asleep" })
	@DisplayName("GET .../agents with a bad parameter | 400")
	void shouldRefuseABadPage(String query) throws Exception {
		Problem.invalidRequest().in(this.caller.get("/v1/tenants/" + this.me.tenant() + "/agents" + query));
	}

	@ParameterizedTest(name = "agent {0}")
	@EnumSource(TestAgent.Kind.class)
	@DisplayName("DELETE .../connection | 204; 4004; offline")
	void shouldDisconnect(TestAgent.Kind kind) throws Exception {
		try (TestAgent agent = kind.connect(this.gateway, this.me)) {
			HttpResponse<String> deleted = this.caller.delete(this.me.path() + "/connection");
			assertThat(deleted.statusCode()).isEqualTo(204);
			assertThat(deleted.body()).isEmpty();
			assertThat(agent.awaitClose()).isEqualTo(4004);
			this.caller.awaitOffline(this.me);
		}
	}

	@Test
	@DisplayName("GET /v1/nodes | this node, up")
	void shouldListTheNode() throws Exception {
		try (TestAgent agent = RawSocketAgent.connect(this.gateway, this.me)) {
			JsonNode nodes = Json.parse(this.caller.get("/v1/nodes"));
			assertThat(nodes.propertyNames()).containsExactly("nodes");
			assertThat(nodes.get("nodes")).hasSize(1);
			JsonNode node = nodes.at("/nodes/0");
			assertThat(node.propertyNames()).containsExactlyInAnyOrder("id", "address", "state", "connections",
					"capacity", "lastHeartbeat", "version", "startedAt");
			assertThat(node.get("id")).isEqualTo(agent.welcome().get("node"));
			assertThat(node.get("address").asString())
				.matches("(127\\.0\\.0\\.1|localhost|\\[::1]):" + this.gateway.forwardingPort());
			assertThat(node.get("state").asString()).isEqualTo("up");
			assertThat(node.get("connections").isIntegralNumber()).isTrue();
			assertThat(node.get("capacity").asInt()).isEqualTo(200_000);
			assertThat(Json.time(node.get("lastHeartbeat"))).isAfter(Instant.now().minusSeconds(60));
		}
	}

	@Test
	@DisplayName("management | liveness, readiness, prometheus, info")
	void shouldServeManagement() throws Exception {
		for (String probe : List.of("liveness", "readiness")) {
			HttpResponse<String> health = this.caller.management("/actuator/health/" + probe);
			assertThat(health.statusCode()).isEqualTo(200);
			assertThat(Json.parse(health).get("status").asString()).isEqualTo("UP");
		}
		assertThat(this.caller.management("/actuator/prometheus").body()).containsPattern("(?m)^switchboard_");
		assertThat(this.caller.management("/actuator/info").statusCode()).isEqualTo(200);
	}

	@ParameterizedTest(name = "{0}")
	@ValueSource(
			strings = { "env", "heapdump", "beans", "configprops", "threaddump", "loggers", "shutdown", "mappings" })
	@DisplayName("management | nothing else")
	void shouldServeNothingElseOfManagement(String endpoint) throws Exception {
		assertThat(this.caller.management("/actuator/" + endpoint).statusCode()).isEqualTo(404);
	}

	@Test
	@DisplayName("a result that no call waits for | counted")
	void shouldCountLateAnswers() throws Exception {
		try (TestAgent agent = RawSocketAgent.connect(this.gateway, this.me)) {
			double before = this.caller.metric("switchboard_calls_late_answers_total");
			agent.answer("6f9619ff-8b86-4d01-b42d-00cf4fc964ff", "1");
			Awaitility.await().until(() -> this.caller.metric("switchboard_calls_late_answers_total") > before);
		}
	}

	private void awaitListed(String query, String... agents) {
		Awaitility.await()
			.atMost(Duration.ofSeconds(10))
			.untilAsserted(() -> assertThat(listed(query)).containsExactlyInAnyOrder(agents));
	}

	private List<String> listed(String query) throws Exception {
		List<String> agents = new ArrayList<>();
		JsonNode page = page(query, "");
		while (true) {
			page.get("agents").forEach((agent) -> agents.add(agent.get("agent").asString()));
			if (!page.has("next")) {
				return agents;
			}
			page = page(query, page.get("next").asString());
		}
	}

	private JsonNode page(String query, String cursor) throws Exception {
		String after = cursor.isEmpty() ? ""
				: (query.isEmpty() ? "?" : "&") + "cursor=" + URLEncoder.encode(cursor, StandardCharsets.UTF_8);
		HttpResponse<String> response = this.caller.get("/v1/tenants/" + this.me.tenant() + "/agents" + query + after);
		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
		return Json.parse(response);
	}

}
