package dev.switchboard.contract;

import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.switchboard.GatewayProcess;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

@DisplayName("Calls that wait")
@ExtendWith(SharedGateway.class)
class CallsIT {

	private final GatewayProcess gateway;

	private final Caller caller;

	private final Identity me = Identity.fresh();

	CallsIT(GatewayProcess gateway) {
		this.gateway = gateway;
		this.caller = new Caller(gateway);
	}

	@ParameterizedTest(name = "agent {0}")
	@EnumSource(TestAgent.Kind.class)
	@DisplayName("result | 200 completed")
	void shouldReturnTheResult(TestAgent.Kind kind) throws Exception {
		try (TestAgent agent = kind.connect(this.gateway, this.me)) {
			var response = this.caller.call(this.me);
			String id = agent.nextCall();
			agent.answer(id, "{\"x\":1}");
			assertThat(Caller.finished(response).statusCode()).isEqualTo(200);
			assertThat(Caller.finished(response).headers().firstValue("Content-Type")).hasValue("application/json");
			assertThat(Json.parse(Caller.finished(response)))
				.isEqualTo(Json.parse("{\"id\":\"" + id + "\",\"outcome\":\"completed\",\"payload\":{\"x\":1}}"));
		}
	}

	@ParameterizedTest(name = "agent {0}")
	@EnumSource(TestAgent.Kind.class)
	@DisplayName("error | 200 rejected")
	void shouldReturnTheAgentsError(TestAgent.Kind kind) throws Exception {
		try (TestAgent agent = kind.connect(this.gateway, this.me)) {
			var response = this.caller.call(this.me);
			String id = agent.nextCall();
			agent.send("{\"type\":\"error\",\"id\":\"" + id
					+ "\",\"code\":\"disk \\\"full\\\"\",\"message\":\"no\\n\\u00e9\",\"payload\":[1]}");
			assertThat(Caller.finished(response).statusCode()).isEqualTo(200);
			assertThat(Json.parse(Caller.finished(response))).isEqualTo(Json.parse("{\"id\":\"" + id
					+ "\",\"outcome\":\"rejected\",\"error\":{\"code\":\"disk \\\"full\\\"\",\"message\":\"no\\n\\u00e9\",\"payload\":[1]}}"));
		}
	}

	@Test
	@DisplayName("error without a payload | 200 rejected, without a payload")
	void shouldReturnAnErrorWithoutAPayload() throws Exception {
		try (TestAgent agent = RawSocketAgent.connect(this.gateway, this.me)) {
			var response = this.caller.call(this.me);
			agent.send("{\"type\":\"error\",\"id\":\"" + agent.nextCall() + "\",\"code\":\"c\",\"message\":\"m\"}");
			assertThat(Json.parse(Caller.finished(response)).get("error"))
				.isEqualTo(Json.parse("{\"code\":\"c\",\"message\":\"m\"}"));
		}
	}

	@Test
	@DisplayName("a caller that asks for HTTP/2 | served")
	void shouldServeAClientThatOffersHttp2() throws Exception {
		try (TestAgent agent = JdkAgent.connect(this.gateway, this.me); HttpClient http = HttpClient.newHttpClient()) {
			var response = http.sendAsync(HttpRequest.newBuilder(this.gateway.api(this.me.calls()))
				.header("Content-Type", "application/json")
				.POST(BodyPublishers.ofString(Caller.BODY))
				.build(), BodyHandlers.ofString());
			agent.answer(agent.nextCall(), "1");
			assertThat(Caller.finished(response).statusCode()).isEqualTo(200);
		}
	}

	@ParameterizedTest(name = "Prefer: {0} | at most {1} ms")
	@CsvSource(delimiter = '|',
			value = { "wait=50 | 50000 | wait=50", "wait=1000 | 300000 | wait=300", "WAIT=70 | 70000 | wait=70",
					"handling=lenient, wait=60 | 60000 | wait=60", "wait=300 | 300000 | wait=300",
					"wait=99999999999999999999 | 300000 | wait=300" })
	@DisplayName("Prefer: wait | the deadline, at most 300, in Preference-Applied")
	void shouldWaitAsLongAsPreferred(String prefer, int most, String applied) throws Exception {
		try (TestAgent agent = RawSocketAgent.connect(this.gateway, this.me)) {
			var response = this.caller.call(this.me, Caller.BODY, "Prefer", prefer);
			JsonNode call = agent.next("call");
			assertThat(call.get("ttlMillis").asInt()).isBetween(most / 2, most);
			agent.answer(call.get("id").asString(), "1");
			assertThat(Caller.finished(response).headers().firstValue("Preference-Applied")).hasValue(applied);
		}
	}

	@ParameterizedTest(name = "{0}")
	@ValueSource(strings = { "wait=abc", "wait", "wait=", "wait=-1", "wait=1.5", "handling=strict", ";;,=", "" })
	@DisplayName("Prefer that cannot be parsed | ignored")
	void shouldIgnoreAPreferenceThatCannotBeParsed(String prefer) throws Exception {
		try (TestAgent agent = RawSocketAgent.connect(this.gateway, this.me)) {
			var response = this.caller.call(this.me, Caller.BODY, "Prefer", prefer);
			JsonNode call = agent.next("call");
			assertThat(call.get("ttlMillis").asInt()).isBetween(5000, 10_000);
			agent.answer(call.get("id").asString(), "1");
			assertThat(Caller.finished(response).statusCode()).isEqualTo(200);
			assertThat(Caller.finished(response).headers().firstValue("Preference-Applied")).isEmpty();
		}
	}

	@ParameterizedTest(name = "Switchboard-Timeout: {0}, {1} | at most {2} ms")
	@CsvSource({ "30, wait=90, 30000", "3600, wait=90, 90000", "40, respond-async, 40000",
			"3600, respond-async, 3600000" })
	@DisplayName("Switchboard-Timeout | the call's deadline, if the wait is not over first")
	void shouldKeepToTheTimeout(String timeout, String prefer, int most) throws Exception {
		try (TestAgent agent = RawSocketAgent.connect(this.gateway, this.me)) {
			var response = this.caller.call(this.me, Caller.BODY, "Switchboard-Timeout", timeout, "Prefer", prefer);
			JsonNode call = agent.next("call");
			assertThat(call.get("ttlMillis").asInt()).isBetween(most / 2, most);
			agent.answer(call.get("id").asString(), "1");
			assertThat(Caller.finished(response).statusCode()).isIn(200, 202);
		}
	}

	@Test
	@DisplayName("Switchboard-Timeout over before the wait | 504, cancel")
	void shouldFailAtTheTimeout() throws Exception {
		try (TestAgent agent = RawSocketAgent.connect(this.gateway, this.me)) {
			var response = this.caller.call(this.me, Caller.BODY, "Switchboard-Timeout", "1", "Prefer", "wait=20");
			String id = agent.nextCall();
			assertThat(agent.next("cancel").get("id").asString()).isEqualTo(id);
			assertThat(Problem.deadlineExceeded().in(Caller.finished(response)).get("callId").asString()).isEqualTo(id);
		}
	}

	@ParameterizedTest(name = "{0}")
	@ValueSource(strings = { "0", "3601", "-1", "abc", "", "99999999999999999999" })
	@DisplayName("Switchboard-Timeout out of range | 400")
	void shouldRefuseATimeoutOutOfRange(String timeout) throws Exception {
		try (TestAgent agent = RawSocketAgent.connect(this.gateway, this.me)) {
			Problem.invalidRequest().in(this.caller.callAndWait(this.me, Caller.BODY, "Switchboard-Timeout", timeout));
			this.caller.assertQuiet(this.me, agent);
		}
	}

	@Test
	@DisplayName("two Prefer lines | both count")
	void shouldReadEveryPreferLine() throws Exception {
		try (TestAgent agent = RawSocketAgent.connect(this.gateway, this.me)) {
			byte[] body = Caller.BODY.getBytes(StandardCharsets.UTF_8);
			RawResponse response = RawHttp.post(this.gateway.apiPort(), this.me.calls(), body, "Prefer: respond-async",
					"Prefer: wait=0");
			assertThat(response.status()).isEqualTo(202);
			agent.answer(agent.nextCall(), "1");
		}
	}

	@Test
	@DisplayName("POST media type with a parameter | application/json it is")
	void shouldTakeJsonWithACharset() throws Exception {
		try (TestAgent agent = RawSocketAgent.connect(this.gateway, this.me)) {
			var response = CompletableFuture.supplyAsync(() -> post("application/json; charset=utf-8"));
			agent.answer(agent.nextCall(), "1");
			assertThat(response.join().statusCode()).isEqualTo(200);
		}
	}

	@Test
	@DisplayName("a tenant's agent | not that of another tenant with the same id")
	void shouldKeepTenantsApart() throws Exception {
		Identity other = new Identity(Identity.fresh().tenant(), this.me.agent());
		try (TestAgent mine = RawSocketAgent.connect(this.gateway, this.me)) {
			Problem.agentUnknown().in(this.caller.callAndWait(other, Caller.BODY));
			try (TestAgent theirs = RawSocketAgent.connect(this.gateway, other)) {
				var response = this.caller.call(other);
				theirs.answer(theirs.nextCall(), "\"theirs\"");
				assertThat(Caller.finished(response).body()).contains("\"theirs\"");
			}
			this.caller.assertQuiet(this.me, mine);
		}
	}

	@Test
	@DisplayName("a caller that hangs up | cancel, and no call is left")
	void shouldForgetTheCallOfACallerThatHangsUp() throws Exception {
		try (TestAgent agent = RawSocketAgent.connect(this.gateway, this.me)) {
			double before = this.caller.metric("switchboard_calls_in_flight");
			for (int i = 0; i < 5; i++) {
				String id;
				try (RawHttp http = RawHttp.open(this.gateway.apiPort())) {
					http.post(this.me.calls(), Caller.BODY.getBytes(StandardCharsets.UTF_8), "Prefer: wait=60");
					id = agent.nextCall();
					assertThat(this.caller.metric("switchboard_calls_in_flight")).isEqualTo(before + 1);
				}
				assertThat(agent.next("cancel").get("id").asString()).isEqualTo(id);
			}
			Awaitility.await().until(() -> this.caller.metric("switchboard_calls_in_flight") == before);
		}
	}

	@ParameterizedTest(name = "agent {0}")
	@EnumSource(TestAgent.Kind.class)
	@DisplayName("50 calls wait when the agent's socket dies | all end as agent-disconnected, unknown")
	void shouldFailEveryWaitingCallAtOnce(TestAgent.Kind kind) throws Exception {
		try (TestAgent agent = kind.connect(this.gateway, this.me)) {
			List<CompletableFuture<HttpResponse<String>>> responses = new ArrayList<>();
			for (int i = 0; i < 50; i++) {
				responses.add(this.caller.call(this.me));
			}
			for (int i = 0; i < 50; i++) {
				agent.nextCall();
			}
			agent.die();
			for (var response : responses) {
				JsonNode problem = Problem.agentDisconnected().in(Caller.finished(response));
				assertThat(problem.get("callId").asString()).matches(Json.UUID);
			}
		}
	}

	private HttpResponse<String> post(String contentType) {
		try {
			return this.caller.postBytes(this.me.calls(), Caller.BODY.getBytes(StandardCharsets.UTF_8), "Content-Type",
					contentType);
		}
		catch (Exception ex) {
			throw new AssertionError(ex);
		}
	}

}
