package dev.switchboard.contract;

import java.time.Duration;
import java.util.List;

import dev.switchboard.GatewayProcess;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

@DisplayName("Audit")
class AuditIT {

	private static final String SPRING = "spring.security.oauth2.resourceserver.jwt.";

	private static final String BODY = "{\"method\":\"pay\",\"payload\":{\"pin\":\"4711-secret\"}}";

	private static final String SCOPES = "agent:call agent:push admin";

	private final Identity me = Identity.fresh();

	@Test
	@DisplayName("calls, pushes, fleet calls, disconnects, drains | a line each, refused ones too, and never a payload")
	void shouldWriteALineForEachRequestThatSendsOrChanges() throws Exception {
		try (TokenIssuer issuer = new TokenIssuer();
				GatewayProcess gateway = GatewayProcess.start("switchboard.security.mode=jwt",
						"switchboard.audit.enabled=true", SPRING + "jwk-set-uri=" + issuer.url("/jwks"),
						SPRING + "issuer-uri=" + issuer.url(""), SPRING + "audiences=" + TokenIssuer.AUDIENCE)) {
			Caller caller = caller(gateway, issuer, this.me.tenant(), SCOPES);
			try (TestAgent agent = JdkAgent.connect(gateway, "Authorization", "Bearer " + issuer.agent(this.me))) {
				send(caller, agent);
			}
			caller(gateway, issuer, "*", "admin").request("DELETE",
					"/v1/nodes/6f9619ff-8b86-4d01-b42d-00cf4fc964ff/drain");
			caller(gateway, issuer, "other", SCOPES).callAndWait(this.me, BODY);
			new Caller(gateway).callAndWait(this.me, BODY);
			assertLines(lines(gateway, 8), issuer);
			assertThat(gateway.log()).doesNotContain("4711-secret");
		}
	}

	private void send(Caller caller, TestAgent agent) throws Exception {
		var call = caller.call(this.me, BODY);
		agent.answer(agent.nextCall(), "\"4711-secret\"");
		assertThat(Caller.finished(call).statusCode()).isEqualTo(200);
		var stream = caller.call(this.me, BODY, "Accept", "application/x-ndjson");
		agent.answer(agent.nextCall(), "1");
		assertThat(Caller.finished(stream).statusCode()).isEqualTo(200);
		assertThat(Caller.finished(caller.push(this.me, BODY)).statusCode()).isEqualTo(202);
		assertThat(caller
			.send("POST", "/v1/tenants/" + this.me.tenant() + "/fleet-pushes",
					"{\"method\":\"pay\",\"payload\":\"4711-secret\",\"agents\":[\"never\"]}", "Content-Type",
					"application/json")
			.statusCode()).isEqualTo(200);
		assertThat(caller.delete(this.me.path() + "/connection").statusCode()).isEqualTo(204);
		caller.get(this.me.path());
	}

	private void assertLines(List<JsonNode> lines, TokenIssuer issuer) {
		String agent = "/v1/tenants/{tenant}/agents/{agent}";
		assertThat(lines.stream().map((line) -> line.get("action").asString())).containsExactlyInAnyOrder(
				"POST " + agent + "/calls", "POST " + agent + "/calls", "POST " + agent + "/pushes",
				"POST /v1/tenants/{tenant}/fleet-pushes", "DELETE " + agent + "/connection",
				"DELETE /v1/nodes/{node}/drain", "POST " + this.me.calls(), "POST " + this.me.calls());
		assertThat(lines.stream().map((line) -> line.get("status").asInt())).containsExactlyInAnyOrder(200, 200, 202,
				200, 204, 404, 403, 401);
		assertThat(lines.stream().map((line) -> line.path("outcome").asString("none"))).containsExactlyInAnyOrder(
				"completed", "completed", "sent", "none", "none", "not_sent", "not_sent", "not_sent");
		assertThat(lines).filteredOn((line) -> line.has("payloadSha256")).hasSize(4).allSatisfy((line) -> {
			assertThat(line.get("method").asString()).isEqualTo("pay");
			assertThat(line.get("payloadSha256").asString()).matches("[0-9a-f]{64}");
		});
		assertThat(lines).filteredOn((line) -> line.get("status").asInt() != 401).allSatisfy((line) -> {
			assertThat(line.get("sub").asString()).isEqualTo("backend");
			assertThat(line.get("iss").asString()).isEqualTo(issuer.url(""));
		});
		assertThat(lines).allSatisfy((line) -> assertThat(line.get("from").asString()).isEqualTo("127.0.0.1"));
	}

	private static List<JsonNode> lines(GatewayProcess gateway, int count) {
		return Awaitility.await()
			.atMost(Duration.ofSeconds(20))
			.until(() -> gateway.log()
				.lines()
				.filter((line) -> line.contains("switchboard.audit") && line.contains("{\"at\""))
				.map((line) -> JsonMapper.shared().readTree(line.substring(line.indexOf("{\"at\""))))
				.toList(), (lines) -> lines.size() >= count);
	}

	private static Caller caller(GatewayProcess gateway, TokenIssuer issuer, String tenant, String scope)
			throws Exception {
		return new Caller(gateway, "Authorization", "Bearer " + issuer.token(tenant, "backend", scope));
	}

}
