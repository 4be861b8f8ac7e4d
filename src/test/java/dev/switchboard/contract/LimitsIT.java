package dev.switchboard.contract;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import dev.switchboard.GatewayProcess;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

@DisplayName("Limits that are set low, and an allow-list")
class LimitsIT {

	private static final String[] ALLOWED = { "Origin", "https://ok.example" };

	@AutoClose
	private static final GatewayProcess GATEWAY = GatewayProcess.start("switchboard.agent.max-frame=4KB",
			"switchboard.agent.allowed-origins=https://ok.example", "switchboard.call.max-in-flight-per-agent=2",
			"switchboard.call.default-wait=2s", "switchboard.node.capacity=6");

	private final Caller caller = new Caller(GATEWAY);

	private final Identity me = Identity.fresh();

	@Test
	@DisplayName("welcome | says the limits")
	void shouldSayTheLimits() throws Exception {
		try (TestAgent agent = RawSocketAgent.connect(GATEWAY, this.me)) {
			assertThat(agent.welcome().get("maxFrameBytes").asInt()).isEqualTo(4096);
			assertThat(agent.welcome().get("maxInFlight").asInt()).isEqualTo(2);
		}
	}

	@Test
	@DisplayName("problem too-many-requests (in-flight) | 429 | not_sent, with Retry-After")
	void shouldRefuseMoreCallsThanTheCap() throws Exception {
		try (TestAgent agent = RawSocketAgent.connect(GATEWAY, this.me)) {
			var first = this.caller.call(this.me);
			var second = this.caller.call(this.me);
			String id = agent.nextCall();
			agent.nextCall();
			HttpResponse<String> third = this.caller.callAndWait(this.me, Caller.BODY);
			new Problem("too-many-requests", 429, "not_sent").in(third);
			assertThat(third.headers().firstValueAsLong("Retry-After")).isPresent();
			agent.answer(id, "1");
			Awaitility.await().until(() -> first.isDone() || second.isDone());
			var fourth = this.caller.call(this.me);
			agent.answer(agent.nextCall(), "4");
			assertThat(Caller.finished(fourth).body()).contains("\"payload\":4");
		}
	}

	@Test
	@DisplayName("a call whose deadline has passed | no longer counts")
	void shouldNotCountCallsWhoseDeadlineHasPassed() throws Exception {
		try (TestAgent agent = RawSocketAgent.connect(GATEWAY, this.me)) {
			var first = this.caller.call(this.me, Caller.BODY, "Prefer", "wait=1");
			var second = this.caller.call(this.me, Caller.BODY, "Prefer", "wait=1");
			agent.next("cancel");
			agent.next("cancel");
			Problem.deadlineExceeded().in(Caller.finished(first));
			Problem.deadlineExceeded().in(Caller.finished(second));
			var third = this.caller.call(this.me);
			agent.answer(agent.nextCall(), "3");
			assertThat(Caller.finished(third).body()).contains("\"payload\":3");
		}
	}

	@Test
	@DisplayName("switchboard.call.default-wait | the wait of a call that names none")
	void shouldWaitAsLongAsIsSet() throws Exception {
		try (TestAgent agent = RawSocketAgent.connect(GATEWAY, this.me)) {
			var response = this.caller.call(this.me);
			assertThat(agent.next("call").get("ttlMillis").asInt()).isBetween(1, 2000);
			Problem.deadlineExceeded().in(Caller.finished(response));
		}
	}

	@Test
	@DisplayName("switchboard.agent.max-frame | 1009 above it, 413 for a call above it")
	void shouldKeepToTheFrameLimit() throws Exception {
		try (RawSocketAgent agent = RawSocketAgent.connect(RawHttp.open(GATEWAY.agentPort()), this.me)) {
			Problem.payloadTooLarge()
				.in(this.caller.callAndWait(this.me, "{\"method\":\"m\",\"payload\":\"" + "x".repeat(4096) + "\"}"));
			agent.send("{\"type\":\"x\",\"y\":\"" + "y".repeat(4096) + "\"}");
			assertThat(agent.awaitClose()).isEqualTo(1009);
		}
	}

	@Test
	@DisplayName("problem payload-too-large | 413 | not_sent, when only the envelope makes it so")
	void shouldCountTheEnvelope() throws Exception {
		try (TestAgent agent = RawSocketAgent.connect(GATEWAY, this.me)) {
			Problem.payloadTooLarge()
				.in(this.caller.callAndWait(this.me, "{\"method\":\"m\",\"payload\":\"" + "x".repeat(4060) + "\"}"));
			var response = this.caller.call(this.me, "{\"method\":\"m\",\"payload\":\"" + "x".repeat(3800) + "\"}");
			agent.answer(agent.nextCall(), "1");
			assertThat(Caller.finished(response).statusCode()).isEqualTo(200);
		}
	}

	@Test
	@DisplayName("an Origin of the allow-list | fine on every listener; others 403")
	void shouldLetTheAllowedOriginIn() throws Exception {
		try (TestAgent agent = JdkAgent.connect(GATEWAY, "Switchboard-Tenant", this.me.tenant(), "Switchboard-Agent",
				this.me.agent(), "Origin", "https://ok.example")) {
			var response = this.caller.call(this.me, Caller.BODY, ALLOWED);
			agent.answer(agent.nextCall(), "1");
			assertThat(Caller.finished(response).statusCode()).isEqualTo(200);
			assertThat(this.caller.management("/actuator/health/liveness", ALLOWED).statusCode()).isEqualTo(200);
			assertThat(this.caller.get("/v1/nodes", "Origin", "https://ok.example.evil").statusCode()).isEqualTo(403);
			assertThat(this.caller.get("/v1/nodes", "Origin", "http://ok.example").statusCode()).isEqualTo(403);
		}
	}

	@Test
	@DisplayName("too many connections | 503, with Retry-After spread out; room again when one leaves")
	void shouldRefuseConnectionsAboveItsCapacity() throws Exception {
		List<TestAgent> agents = new ArrayList<>();
		for (int i = 0; i < 6; i++) {
			Awaitility.await("the places that other tests have left")
				.untilAsserted(() -> agents.add(RawSocketAgent.connect(GATEWAY, Identity.fresh())));
		}
		Set<Integer> pauses = new HashSet<>();
		for (int i = 0; i < 30; i++) {
			RawResponse refused = handshake();
			assertThat(refused.status()).isEqualTo(503);
			pauses.add(Integer.parseInt(refused.header("retry-after")));
		}
		assertThat(pauses).hasSizeGreaterThan(1).allMatch((seconds) -> seconds > 0);
		agents.removeLast().close();
		Awaitility.await().until(() -> handshake().status() == 101);
		for (TestAgent agent : agents) {
			agent.close();
		}
	}

	private static RawResponse handshake() throws Exception {
		Identity identity = Identity.fresh();
		return RawSocketAgent.handshake(GATEWAY,
				"/v1/connect?tenant=" + identity.tenant() + "&agent=" + identity.agent(),
				"Sec-WebSocket-Protocol: switchboard.v1.json");
	}

}
