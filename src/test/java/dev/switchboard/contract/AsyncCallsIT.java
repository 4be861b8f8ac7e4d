package dev.switchboard.contract;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.UUID;

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

@DisplayName("Calls that do not wait, and their resources")
@ExtendWith(SharedGateway.class)
class AsyncCallsIT {

	private static final String[] ASYNC = { "Prefer", "respond-async" };

	private static final Problem CALL_UNKNOWN = new Problem("call-unknown", 404, "not_sent");

	private final GatewayProcess gateway;

	private final Caller caller;

	private final Identity me = Identity.fresh();

	AsyncCallsIT(GatewayProcess gateway) {
		this.gateway = gateway;
		this.caller = new Caller(gateway);
	}

	@ParameterizedTest(name = "agent {0}")
	@EnumSource(TestAgent.Kind.class)
	@DisplayName("Prefer: respond-async | 202 pending at once, Location; the resource is pending, then completed")
	void shouldAnswerAtOnce(TestAgent.Kind kind) throws Exception {
		try (TestAgent agent = kind.connect(this.gateway, this.me)) {
			HttpResponse<String> response = this.caller.callAndWait(this.me, Caller.BODY, ASYNC);
			JsonNode call = agent.next("call");
			String id = call.get("id").asString();
			JsonNode pending = Json.parse("{\"id\":\"" + id + "\",\"outcome\":\"pending\"}");
			assertThat(response.statusCode()).isEqualTo(202);
			assertThat(Json.parse(response)).isEqualTo(pending);
			assertThat(response.headers().firstValue("Location").orElse("")).endsWith(resource(id));
			assertThat(response.headers().firstValue("Preference-Applied").orElse("")).contains("respond-async");
			assertThat(call.get("ttlMillis").asInt()).as("the default is 300 s").isBetween(150_000, 300_000);
			assertThat(this.caller.callResource(this.me, id)).isEqualTo(pending);
			agent.answer(id, "{\"x\" : 0.10}");
			awaitOutcome(id, "completed");
			HttpResponse<String> completed = this.caller.get(resource(id));
			assertThat(completed.statusCode()).isEqualTo(200);
			assertThat(completed.body()).contains("{\"x\" : 0.10}");
		}
	}

	@Test
	@DisplayName("Prefer: respond-async, wait | 202 when the wait is over")
	void shouldAnswerWhenTheWaitIsOver() throws Exception {
		try (TestAgent agent = RawSocketAgent.connect(this.gateway, this.me)) {
			HttpResponse<String> response = this.caller.callAndWait(this.me, Caller.BODY, "Prefer",
					"respond-async, wait=1");
			assertThat(response.statusCode()).isEqualTo(202);
			assertThat(response.headers().firstValue("Preference-Applied").orElse("")).contains("respond-async")
				.contains("wait=1");
			JsonNode call = agent.next("call");
			assertThat(call.get("ttlMillis").asInt()).isGreaterThan(10_000);
			agent.answer(call.get("id").asString(), "1");
			awaitOutcome(call.get("id").asString(), "completed");
		}
	}

	@Test
	@DisplayName("Prefer: respond-async, wait | 200 if the result comes first")
	void shouldAnswerWithTheResultIfItComesFirst() throws Exception {
		try (TestAgent agent = RawSocketAgent.connect(this.gateway, this.me)) {
			var response = this.caller.call(this.me, Caller.BODY, "Prefer", "respond-async, wait=20");
			String id = agent.nextCall();
			agent.answer(id, "5");
			assertThat(Caller.finished(response).statusCode()).isEqualTo(200);
			assertThat(Json.parse(Caller.finished(response)).get("payload").asInt()).isEqualTo(5);
			assertThat(this.caller.callResource(this.me, id).get("outcome").asString()).isEqualTo("completed");
		}
	}

	@Test
	@DisplayName("resource of a rejected call | what the call answered")
	void shouldShowARejectedCall() throws Exception {
		try (TestAgent agent = RawSocketAgent.connect(this.gateway, this.me)) {
			this.caller.callAndWait(this.me, Caller.BODY, ASYNC);
			String id = agent.nextCall();
			agent.send("{\"type\":\"error\",\"id\":\"" + id + "\",\"code\":\"c\",\"message\":\"m\"}");
			awaitOutcome(id, "rejected");
			assertThat(this.caller.callResource(this.me, id)).isEqualTo(Json.parse(
					"{\"id\":\"" + id + "\",\"outcome\":\"rejected\",\"error\":{\"code\":\"c\",\"message\":\"m\"}}"));
		}
	}

	@Test
	@DisplayName("resource of a failed call | id, outcome, problem")
	void shouldShowAFailedCall() throws Exception {
		try (TestAgent agent = RawSocketAgent.connect(this.gateway, this.me)) {
			this.caller.callAndWait(this.me, Caller.BODY, ASYNC);
			String id = agent.nextCall();
			agent.die();
			awaitOutcome(id, "unknown");
			JsonNode call = this.caller.callResource(this.me, id);
			assertThat(call.propertyNames()).containsExactlyInAnyOrder("id", "outcome", "problem");
			Problem.agentDisconnected().in(call.get("problem"));
			assertThat(call.at("/problem/callId").asString()).isEqualTo(id);
		}
	}

	@Test
	@DisplayName("resource of a call whose deadline passed | deadline-exceeded, cancel")
	void shouldShowACallWhoseDeadlinePassed() throws Exception {
		try (TestAgent agent = RawSocketAgent.connect(this.gateway, this.me)) {
			this.caller.callAndWait(this.me, Caller.BODY, "Prefer", "respond-async", "Switchboard-Timeout", "1");
			String id = agent.nextCall();
			assertThat(agent.next("cancel").get("id").asString()).isEqualTo(id);
			awaitOutcome(id, "unknown");
			Problem.deadlineExceeded().in(this.caller.callResource(this.me, id).get("problem"));
		}
	}

	@Test
	@DisplayName("DELETE of a pending call | cancelled, and cancel to the agent; again the same")
	void shouldCancelAPendingCall() throws Exception {
		try (TestAgent agent = RawSocketAgent.connect(this.gateway, this.me)) {
			this.caller.callAndWait(this.me, Caller.BODY, ASYNC);
			String id = agent.nextCall();
			assertCancelled(id, this.caller.delete(resource(id)));
			assertThat(agent.next()).isEqualTo("{\"type\":\"cancel\",\"id\":\"" + id + "\"}");
			agent.answer(id, "\"too late\"");
			assertCancelled(id, this.caller.delete(resource(id)));
			assertCancelled(id, this.caller.get(resource(id)));
		}
	}

	@Test
	@DisplayName("DELETE of a call that ended | as it stands")
	void shouldNotCancelWhatHasEnded() throws Exception {
		try (TestAgent agent = RawSocketAgent.connect(this.gateway, this.me)) {
			this.caller.callAndWait(this.me, Caller.BODY, ASYNC);
			String id = agent.nextCall();
			agent.answer(id, "1");
			awaitOutcome(id, "completed");
			HttpResponse<String> deleted = this.caller.delete(resource(id));
			assertThat(deleted.statusCode()).isEqualTo(200);
			assertThat(Json.parse(deleted)).isEqualTo(this.caller.callResource(this.me, id));
		}
	}

	@Test
	@DisplayName("DELETE of a keyed call | its waiting caller is told so")
	void shouldTellTheWaitingCallerOfACancelledCall() throws Exception {
		try (TestAgent agent = RawSocketAgent.connect(this.gateway, this.me)) {
			var response = this.caller.call(this.me, Caller.BODY, "Idempotency-Key", "to-cancel");
			String id = agent.nextCall();
			assertCancelled(id, this.caller.delete(resource(id)));
			assertThat(Json.parse(Caller.finished(response)).get("outcome").asString()).isEqualTo("cancelled");
		}
	}

	@Test
	@DisplayName("call-unknown | 404")
	void shouldNotKnowOtherCalls() throws Exception {
		try (TestAgent agent = RawSocketAgent.connect(this.gateway, this.me)) {
			String never = UUID.randomUUID().toString();
			CALL_UNKNOWN.in(this.caller.get(resource(never)));
			CALL_UNKNOWN.in(this.caller.delete(resource(never)));
			var response = this.caller.call(this.me);
			String waited = agent.nextCall();
			agent.answer(waited, "1");
			Caller.finished(response);
			CALL_UNKNOWN.in(this.caller.get(resource(waited)));
			this.caller.callAndWait(this.me, Caller.BODY, ASYNC);
			String id = agent.nextCall();
			CALL_UNKNOWN.in(this.caller.get("/v1/tenants/another/calls/" + id));
			CALL_UNKNOWN.in(this.caller.delete("/v1/tenants/another/calls/" + id));
			agent.answer(id, "1");
			awaitOutcome(id, "completed");
		}
	}

	@Test
	@DisplayName("Switchboard-Connect-Wait | an agent that turns up is called")
	void shouldWaitForAnAgentToConnect() throws Exception {
		RawSocketAgent.connect(this.gateway, this.me).close();
		this.caller.awaitOffline(this.me);
		var response = this.caller.call(this.me, Caller.BODY, "Switchboard-Connect-Wait", "20", "Prefer", "wait=60");
		assertThat(response).isNotDone();
		try (TestAgent agent = JdkAgent.connect(this.gateway, this.me)) {
			JsonNode call = agent.next("call");
			assertThat(call.get("ttlMillis").asInt()).isBetween(30_000, 60_000);
			agent.answer(call.get("id").asString(), "\"turned up\"");
			assertThat(Caller.finished(response).body()).contains("\"turned up\"");
		}
	}

	@Test
	@DisplayName("Switchboard-Connect-Wait | 409 when it is over; 404 at once if never seen")
	void shouldStopWaitingForAnAgentToConnect() throws Exception {
		RawSocketAgent.connect(this.gateway, this.me).close();
		this.caller.awaitOffline(this.me);
		Problem.agentOffline().in(this.caller.callAndWait(this.me, Caller.BODY, "Switchboard-Connect-Wait", "1"));
		Problem.agentUnknown()
			.in(this.caller.callAndWait(Identity.fresh(), Caller.BODY, "Switchboard-Connect-Wait", "60"));
	}

	@ParameterizedTest(name = "{0}")
	@ValueSource(strings = { "61", "-1", "abc", "" })
	@DisplayName("Switchboard-Connect-Wait out of range | 400")
	void shouldRefuseAConnectWaitOutOfRange(String wait) throws Exception {
		Problem.invalidRequest().in(this.caller.callAndWait(this.me, Caller.BODY, "Switchboard-Connect-Wait", wait));
	}

	private String resource(String id) {
		return "/v1/tenants/" + this.me.tenant() + "/calls/" + id;
	}

	private void awaitOutcome(String id, String outcome) {
		Awaitility.await()
			.atMost(Duration.ofSeconds(10))
			.pollInterval(Duration.ofMillis(20))
			.until(() -> this.caller.callResource(this.me, id).path("outcome").asString(""), outcome::equals);
	}

	private static void assertCancelled(String id, HttpResponse<String> response) {
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(Json.parse(response).get("id").asString()).isEqualTo(id);
		assertThat(Json.parse(response).get("outcome").asString()).isEqualTo("cancelled");
	}

}
