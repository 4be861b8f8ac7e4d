package dev.switchboard.contract;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.switchboard.GatewayProcess;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

@DisplayName("Problems")
@ExtendWith(SharedGateway.class)
class ProblemsIT {

	private final GatewayProcess gateway;

	private final Caller caller;

	private final Identity me = Identity.fresh();

	ProblemsIT(GatewayProcess gateway) {
		this.gateway = gateway;
		this.caller = new Caller(gateway);
	}

	@ParameterizedTest(name = "{0}")
	@ValueSource(strings = { "", " ", "x", "null", "1", "[]", "\"method\"", "{}", "{\"payload\":1}",
			"{\"method\":null}", "{\"method\":1}", "{\"method\":{}}", "{\"method\":\"m\"", "{\"method\":\"m\"}}",
			"{\"method\":\"m\",}", "{\"method\":\"m\"} {}", "{\"method\":\"m\",\"payload\":}",
			"{\"method\":\"m\",\"payload\":01}", "{\"method\":\"m\",\"payload\":NaN}", "{'method':'m'}",
			"{\"method\":\"m\",\"method\":\"m\"}", "{\"method\":\"m\",\"payload\":1,\"payload\":1}",
			"{\"method\":\"m\",\"payload\":1,\"p\\u0061yload\":1}", "\ufeff{\"method\":\"m\"}", "{\"method\":\"a\tb\"}",
			"{\"method\":\"m\",\"payload\":\"a\nb\"}" })
	@DisplayName("problem invalid-request (body) | 400 | not_sent")
	void shouldRefuseABadBody(String body) throws Exception {
		try (TestAgent _ = RawSocketAgent.connect(this.gateway, this.me)) {
			Problem.invalidRequest().in(this.caller.callAndWait(this.me, body));
			Problem.invalidRequest().in(Caller.finished(this.caller.push(this.me, body)));
		}
	}

	@ParameterizedTest(name = "{0}")
	@ValueSource(strings = { "[", "{\"a\":" })
	@DisplayName("problem invalid-request (nested 513 deep) | 400 | not_sent")
	void shouldRefuseAPayloadNestedTooDeep(String open) throws Exception {
		String deep = open.repeat(513) + (open.equals("[") ? "" : "1") + (open.equals("[") ? "]" : "}").repeat(513);
		Problem.invalidRequest().in(this.caller.callAndWait(this.me, "{\"method\":\"m\",\"payload\":" + deep + "}"));
	}

	@ParameterizedTest(name = "{0}")
	@ValueSource(strings = { ".a", "a%20b", "a%2Fb", "a@b", "%C3%A4", "a%00b", "a,b", "*" })
	@DisplayName("problem invalid-request (id) | 400 | not_sent")
	void shouldRefuseABadId(String id) throws Exception {
		for (Identity bad : List.of(new Identity("good", id), new Identity(id, "good"))) {
			Problem.invalidRequest().in(this.caller.callAndWait(bad, Caller.BODY));
			Problem.invalidRequest().in(Caller.finished(this.caller.push(bad, Caller.BODY)));
			Problem.invalidRequest().in(this.caller.get(bad.path()));
			Problem.invalidRequest().in(this.caller.delete(bad.path() + "/connection"));
		}
		Problem.invalidRequest().in(this.caller.get("/v1/tenants/" + id + "/agents"));
	}

	@Test
	@DisplayName("problem invalid-request (id of 129 characters) | 400 | not_sent")
	void shouldRefuseALongId() throws Exception {
		Problem.invalidRequest().in(this.caller.callAndWait(new Identity("good", "x".repeat(129)), Caller.BODY));
		Problem.agentUnknown().in(this.caller.callAndWait(new Identity("good", "x".repeat(128)), Caller.BODY));
	}

	@Test
	@DisplayName("problem agent-unknown | 404 | not_sent")
	void shouldNotKnowAnAgentThatWasNeverSeen() throws Exception {
		Problem.agentUnknown().in(this.caller.callAndWait(this.me, Caller.BODY));
		Problem.agentUnknown().in(Caller.finished(this.caller.push(this.me, Caller.BODY)));
		Problem.agentUnknown().in(this.caller.get(this.me.path()));
		Problem.agentUnknown().in(this.caller.delete(this.me.path() + "/connection"));
	}

	@Test
	@DisplayName("problem agent-offline (with lastSeen) | 409 | not_sent")
	void shouldSayThatAnAgentIsOffline() throws Exception {
		RawSocketAgent.connect(this.gateway, this.me).close();
		this.caller.awaitOffline(this.me);
		var call = Problem.agentOffline().in(this.caller.callAndWait(this.me, Caller.BODY));
		assertThat(Json.time(call.get("lastSeen"))).isBefore(Instant.now().plusSeconds(60));
		var push = Problem.agentOffline().in(Caller.finished(this.caller.push(this.me, Caller.BODY)));
		assertThat(push.get("lastSeen")).isEqualTo(call.get("lastSeen"));
	}

	@Test
	@DisplayName("problem payload-too-large | 413 | not_sent")
	void shouldRefuseAPayloadOverTheFrameLimit() throws Exception {
		try (TestAgent agent = RawSocketAgent.connect(this.gateway, this.me)) {
			String tooLarge = "{\"method\":\"m\",\"payload\":\"" + "x".repeat(262_144) + "\"}";
			Problem.payloadTooLarge().in(this.caller.callAndWait(this.me, tooLarge));
			Problem.payloadTooLarge().in(Caller.finished(this.caller.push(this.me, tooLarge)));
			var response = this.caller.call(this.me, "{\"method\":\"m\",\"payload\":\"" + "x".repeat(261_000) + "\"}");
			agent.answer(agent.nextCall(), "1");
			assertThat(Caller.finished(response).statusCode()).isEqualTo(200);
		}
	}

	@Test
	@DisplayName("problem payload-too-large | 413, for a method over the frame limit")
	void shouldRefuseAMethodOverTheFrameLimit() throws Exception {
		try (TestAgent _ = RawSocketAgent.connect(this.gateway, this.me)) {
			Problem.payloadTooLarge()
				.in(this.caller.callAndWait(this.me, "{\"method\":\"" + "x".repeat(262_144) + "\"}"));
		}
	}

	@Test
	@DisplayName("problem too-many-requests (64 in flight) | 429 | not_sent, with Retry-After")
	void shouldRefuseTheSixtyFifthCall() throws Exception {
		try (TestAgent agent = RawSocketAgent.connect(this.gateway, this.me)) {
			List<CompletableFuture<HttpResponse<String>>> calls = new ArrayList<>();
			for (int i = 0; i < 64; i++) {
				calls.add(this.caller.call(this.me));
			}
			for (int i = 0; i < 64; i++) {
				agent.nextCall();
			}
			HttpResponse<String> refused = this.caller.callAndWait(this.me, Caller.BODY);
			new Problem("too-many-requests", 429, "not_sent").in(refused);
			assertThat(refused.headers().firstValueAsLong("Retry-After")).isPresent();
			calls.forEach((call) -> call.cancel(true));
		}
	}

	@Test
	@DisplayName("problem agent-disconnected | 502 | unknown, with callId")
	void shouldFailACallWhoseAgentWent() throws Exception {
		try (TestAgent agent = RawSocketAgent.connect(this.gateway, this.me)) {
			var response = this.caller.call(this.me);
			String id = agent.nextCall();
			agent.die();
			assertThat(Problem.agentDisconnected().in(Caller.finished(response)).get("callId").asString())
				.isEqualTo(id);
		}
	}

	@Test
	@DisplayName("problem result-too-large | 502 | unknown")
	void shouldSayThatAResultIsTooLarge() throws Exception {
		try (TestAgent agent = RawSocketAgent.connect(this.gateway, this.me)) {
			var response = this.caller.call(this.me);
			String id = agent.nextCall();
			agent.answer(id, "\"" + "x".repeat(262_144) + "\"");
			var problem = new Problem("result-too-large", 502, "unknown").in(Caller.finished(response));
			assertThat(problem.get("callId").asString()).isEqualTo(id);
			this.caller.assertQuiet(this.me, agent);
		}
	}

	@Test
	@DisplayName("problem deadline-exceeded | 504 | unknown, with callId")
	void shouldSayThatTheDeadlinePassed() throws Exception {
		try (TestAgent agent = RawSocketAgent.connect(this.gateway, this.me)) {
			var response = this.caller.callAndWait(this.me, Caller.BODY, "Prefer", "wait=1");
			assertThat(Problem.deadlineExceeded().in(response).get("callId").asString()).isEqualTo(agent.nextCall());
		}
	}

	@ParameterizedTest(name = "{0}")
	@ValueSource(strings = { "/", "/v1", "/v1/nope", "/v2/nodes", "/v1/tenants/t/agents/a/nope", "/v1/tenants/t/x",
			"/v1/tenants/t/agents/a/calls/x", "/nodes", "/actuator/health", "/actuator/prometheus", "/v1/nodes/x",
			"/favicon.ico" })
	@DisplayName("problem not-found (unknown path) | 404")
	void shouldNotKnowOtherPaths(String path) throws Exception {
		Problem notFound = new Problem("not-found", 404, "not_sent");
		notFound.in(this.caller.get(path));
		notFound.in(this.caller.get(path, "Accept", "text/event-stream"));
	}

	@ParameterizedTest(name = "{0} {1}")
	@CsvSource({ "GET, /v1/tenants/t/agents/a/calls", "PUT, /v1/tenants/t/agents/a/calls",
			"PUT, /v1/tenants/t/agents/a/pushes", "POST, /v1/tenants/t/events", "POST, /v1/tenants/t/webhooks",
			"PATCH, /v1/tenants/t/webhooks/w", "DELETE, /v1/tenants/t/webhooks/w/deliveries",
			"DELETE, /v1/tenants/t/agents/a", "POST, /v1/tenants/t/agents", "GET, /v1/tenants/t/agents/a/connection",
			"POST, /v1/nodes", "POST, /v1/tenants", "DELETE, /v1/tenants/t", "POST, /v1/tenants/t/agents/a/revocation",
			"PATCH, /v1/tenants/t/calls/6f9619ff-8b86-4d01-b42d-00cf4fc964ff" })
	@DisplayName("problem method-not-allowed | 405, with Allow")
	void shouldRefuseOtherMethods(String method, String path) throws Exception {
		HttpResponse<String> response = this.caller.request(method, path);
		new Problem("method-not-allowed", 405, "not_sent").in(response);
		assertThat(response.headers().firstValue("Allow")).isPresent();
	}

	@ParameterizedTest(name = "{0}")
	@ValueSource(strings = { "text/html", "image/png", "application/xml" })
	@DisplayName("problem (not acceptable) | 406")
	void shouldRefuseToAnswerInOtherMediaTypes(String accept) throws Exception {
		try (TestAgent _ = RawSocketAgent.connect(this.gateway, this.me)) {
			for (HttpResponse<String> response : List.of(this.caller.get("/v1/nodes", "Accept", accept),
					this.caller.callAndWait(this.me, Caller.BODY, "Accept", accept))) {
				assertThat(response.statusCode()).isEqualTo(406);
				String type = Json.parse(response).get("type").asString();
				assertThat(type).startsWith("urn:switchboard:problem:");
				new Problem(type.substring("urn:switchboard:problem:".length()), 406, "not_sent").in(response);
			}
		}
	}

	@ParameterizedTest(name = "{0}")
	@ValueSource(strings = { "", "text/plain", "application/x-www-form-urlencoded", "application/problem+json",
			"application/vnd.x+json", "application/xml", "multipart/form-data; boundary=x", "nonsense", "*/*",
			"application/*" })
	@DisplayName("problem unsupported-media-type | 415")
	void shouldRefuseOtherMediaTypes(String contentType) throws Exception {
		try (TestAgent _ = RawSocketAgent.connect(this.gateway, this.me)) {
			byte[] body = Caller.BODY.getBytes(StandardCharsets.UTF_8);
			String[] headers = contentType.isEmpty() ? new String[0] : new String[] { "Content-Type", contentType };
			Problem unsupported = new Problem("unsupported-media-type", 415, "not_sent");
			unsupported.in(this.caller.postBytes(this.me.calls(), body, headers));
			unsupported.in(this.caller.postBytes(this.me.pushes(), body, headers));
		}
	}

}
