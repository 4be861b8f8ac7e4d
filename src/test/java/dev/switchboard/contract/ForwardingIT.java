package dev.switchboard.contract;

import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import dev.switchboard.GatewayProcess;
import dev.switchboard.database.MariaDbServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

@DisplayName("An agent of another node")
class ForwardingIT {

	private static final Problem NODE_DISCONNECTED = new Problem("node-disconnected", 502, "unknown");

	private static final String KEY = "once";

	private static MariaDbServer database;

	private static String name;

	/** Holds the agent of each test, until it moves. */
	private static GatewayProcess owner;

	private static GatewayProcess other;

	private final Identity me = Identity.fresh();

	private Caller near;

	private Caller far;

	private TestAgent agent;

	@BeforeAll
	static void startNodes() {
		database = MariaDbServer.shared();
		name = database.createDatabase();
		owner = launch();
		other = launch();
		owner.awaitReady();
		other.awaitReady();
	}

	@AfterAll
	static void stopNodes() {
		try (GatewayProcess _ = owner) {
			other.close();
		}
	}

	private static GatewayProcess launch() {
		return GatewayProcess.launch("spring.r2dbc.url=" + database.url(name), "spring.r2dbc.username=root",
				"switchboard.node.lease=2s",
				"switchboard.forwarding.secret=a secret that all nodes of this test share");
	}

	@BeforeEach
	void connect() throws Exception {
		this.near = new Caller(owner);
		this.far = new Caller(other);
		this.agent = connect(owner);
	}

	private TestAgent connect(GatewayProcess node) throws Exception {
		TestAgent connected = RawSocketAgent.connect(node, this.me);
		this.far.awaitStatus(this.me, "online");
		return connected;
	}

	@AfterEach
	void leave() throws Exception {
		this.agent.close();
		owner.checkLog();
		other.checkLog();
	}

	@Test
	@DisplayName("POST calls | its result, byte for byte")
	void shouldAnswer() throws Exception {
		var response = this.far.call(this.me, "{\"method\":\"m\",\"payload\":{\"a\" : 1.0}}");
		JsonNode call = this.agent.next("call");
		assertThat(call.get("payload").toString()).isEqualTo("{\"a\":1.0}");
		assertThat(call.get("ttlMillis").asLong()).isBetween(1L, 10_000L);
		this.agent.answer(call.get("id").asString(), "{\"b\" : 2.0}");
		HttpResponse<String> answer = Caller.finished(response);
		assertThat(answer.statusCode()).isEqualTo(200);
		assertThat(answer.body()).isEqualTo(
				"{\"id\":\"" + call.get("id").asString() + "\",\"outcome\":\"completed\",\"payload\":{\"b\" : 2.0}}");
	}

	@Test
	@DisplayName("POST calls, refused by the agent | its error")
	void shouldBringItsErrorBack() throws Exception {
		var response = this.far.call(this.me);
		this.agent.send("{\"type\":\"error\",\"id\":\"" + this.agent.nextCall()
				+ "\",\"code\":\"busy\",\"message\":\"not now\",\"payload\":[1]}");
		JsonNode answer = Json.parse(Caller.finished(response));
		assertThat(answer.get("outcome").asString()).isEqualTo("rejected");
		assertThat(answer.get("error"))
			.isEqualTo(Json.parse("{\"code\":\"busy\",\"message\":\"not now\",\"payload\":[1]}"));
	}

	@Test
	@DisplayName("POST calls, streamed | its chunks as they come, last the result")
	void shouldStream() throws Exception {
		CompletableFuture<HttpResponse<Stream<String>>> response = this.far.call(this.me, BodyHandlers.ofLines(),
				"Accept", "application/x-ndjson");
		String id = this.agent.nextCall();
		this.agent.chunk(id, "{\"x\" : 1}");
		Iterator<String> lines = response.get(30, TimeUnit.SECONDS).body().iterator();
		assertThat(lines.next()).isEqualTo("{\"chunk\":{\"x\" : 1}}");
		this.agent.chunk(id, "2");
		assertThat(lines.next()).isEqualTo("{\"chunk\":2}");
		this.agent.answer(id, "\"end\"");
		assertThat(Json.parse(lines.next()).get("payload").asString()).isEqualTo("end");
		assertThat(lines.hasNext()).isFalse();
	}

	@Test
	@DisplayName("POST calls, the agent goes | agent-disconnected, as on its own node")
	void shouldTellThatTheAgentWent() throws Exception {
		var response = this.far.call(this.me);
		this.agent.nextCall();
		this.agent.die();
		Problem.agentDisconnected().in(Caller.finished(response));
	}

	@Test
	@DisplayName("POST calls, its time passes | deadline-exceeded, and the agent hears cancel")
	void shouldKeepTheDeadline() throws Exception {
		var response = this.far.call(this.me, Caller.BODY, "Prefer", "wait=1");
		String id = this.agent.nextCall();
		Problem.deadlineExceeded().in(Caller.finished(response));
		assertThat(this.agent.next("cancel").get("id").asString()).isEqualTo(id);
	}

	@Test
	@DisplayName("POST calls, the caller hangs up | the agent hears cancel")
	void shouldCancelWhenTheCallerHangsUp() throws Exception {
		var response = this.far.call(this.me);
		String id = this.agent.nextCall();
		response.cancel(true);
		assertThat(this.agent.next("cancel").get("id").asString()).isEqualTo(id);
	}

	@Test
	@DisplayName("POST calls, more than it may have in flight | too-many-requests")
	void shouldTellThatItHasTooMany() throws Exception {
		List<CompletableFuture<HttpResponse<String>>> waiting = Stream.generate(() -> this.far.call(this.me))
			.limit(64)
			.toList();
		for (int i = 0; i < 64; i++) {
			this.agent.nextCall();
		}
		new Problem("too-many-requests", 429, "not_sent").in(this.far.callAndWait(this.me, Caller.BODY));
		waiting.forEach((response) -> response.cancel(true));
	}

	@Test
	@DisplayName("POST calls, answered faultily | bad-answer, and what was wrong")
	void shouldTellThatItsAnswerIsBad() throws Exception {
		var response = this.far.call(this.me);
		this.agent.send("{\"type\":\"error\",\"id\":\"" + this.agent.nextCall() + "\",\"code\":5,\"message\":\"m\"}");
		JsonNode problem = new Problem("bad-answer", 502, "unknown").in(Caller.finished(response));
		assertThat(problem.get("detail").asString()).endsWith("error.code must be a string");
		answerOneCall(this.far);
	}

	@Test
	@DisplayName("POST calls, with a key and answered faultily | bad-answer, then and again")
	void shouldKeepThatAnAnswerWasBad() throws Exception {
		var response = this.far.call(this.me, Caller.BODY, "Idempotency-Key", KEY);
		this.agent.send("{\"type\":\"result\",\"id\":\"" + this.agent.nextCall() + "\",\"payload\":NaN}");
		Problem badAnswer = new Problem("bad-answer", 502, "unknown");
		badAnswer.in(Caller.finished(response));
		badAnswer.in(this.near.callAndWait(this.me, Caller.BODY, "Idempotency-Key", KEY));
	}

	@Test
	@DisplayName("POST pushes | sent")
	void shouldTakePushes() throws Exception {
		HttpResponse<String> response = Caller.finished(this.far.push(this.me, "{\"method\":\"m\",\"payload\":[1]}"));
		assertThat(response.statusCode()).isEqualTo(202);
		JsonNode push = this.agent.next("push");
		assertThat(push.get("id")).isEqualTo(Json.parse(response).get("id"));
		assertThat(push.get("payload")).isEqualTo(Json.parse("[1]"));
	}

	@Test
	@DisplayName("DELETE connection | closed 4004")
	void shouldBeDisconnected() throws Exception {
		assertThat(this.far.delete(this.me.path() + "/connection").statusCode()).isEqualTo(204);
		assertThat(this.agent.awaitClose()).isEqualTo(4004);
	}

	@Test
	@DisplayName("that has left, where its node was known | agent-offline")
	void shouldBeOfflineOnceItHasLeft() throws Exception {
		answerOneCall(this.far);
		this.agent.close();
		this.near.awaitOffline(this.me);
		Problem.agentOffline().in(this.far.callAndWait(this.me, Caller.BODY));
	}

	@Test
	@DisplayName("that has moved, where its node was known | is found on its new one")
	void shouldBeFoundWhereItHasMovedTo() throws Exception {
		answerOneCall(this.far);
		try (GatewayProcess third = launch()) {
			third.awaitReady();
			this.agent.close();
			this.near.awaitOffline(this.me);
			this.agent = connect(third);
			answerOneCall(this.far);
			answerOneCall(this.near);
			answerOneCall(new Caller(third));
			this.agent.close();
		}
	}

	@Test
	@DisplayName("Switchboard-Connect-Wait, the agent turns up on another node | is called there")
	void shouldBeAwaitedOnAnyNode() throws Exception {
		this.agent.close();
		this.near.awaitOffline(this.me);
		var response = this.far.call(this.me, Caller.BODY, "Switchboard-Connect-Wait", "30");
		this.agent = RawSocketAgent.connect(owner, this.me);
		this.agent.answer(this.agent.nextCall(), "1");
		assertThat(Caller.finished(response).statusCode()).isEqualTo(200);
	}

	@Test
	@DisplayName("whose node is killed with calls waiting | node-disconnected at once, and callable when it returns")
	void shouldSurviveTheDeathOfItsNode() throws Exception {
		this.agent.close();
		try (GatewayProcess victim = launch()) {
			victim.awaitReady();
			this.agent = connect(victim);
			List<CompletableFuture<HttpResponse<String>>> waiting = Stream
				.generate(() -> this.far.call(this.me, Caller.BODY, "Prefer", "wait=60"))
				.limit(20)
				.toList();
			for (int i = 0; i < 20; i++) {
				this.agent.nextCall();
			}
			victim.kill();
			for (CompletableFuture<HttpResponse<String>> response : waiting) {
				NODE_DISCONNECTED.in(Caller.finished(response));
			}
			this.agent = RawSocketAgent.connect(owner, this.me);
			Awaitility.await().atMost(Duration.ofSeconds(15)).untilAsserted(() -> answerOneCall(this.far));
		}
	}

	@Test
	@DisplayName("the same key on another node while the call runs | joins it")
	void shouldJoinTheRunningCall() throws Exception {
		var first = this.near.call(this.me, Caller.BODY, "Idempotency-Key", KEY);
		String id = this.agent.nextCall();
		var second = this.far.call(this.me, Caller.BODY, "Idempotency-Key", KEY);
		Awaitility.await()
			.atMost(Duration.ofSeconds(15))
			.until(() -> this.far.metric("switchboard_forwarding_waiting") == 1);
		this.agent.answer(id, "1");
		assertThat(Caller.finished(second).body()).isEqualTo(Caller.finished(first).body());
		this.far.assertQuiet(this.me, this.agent);
		var third = Caller.finished(this.far.call(this.me, Caller.BODY, "Idempotency-Key", KEY));
		assertThat(third.body()).isEqualTo(Caller.finished(first).body());
	}

	@Test
	@DisplayName("an asynchronous call, asked for on another node | pending, then its outcome")
	void shouldTellOfAnAsynchronousCallAnywhere() throws Exception {
		String id = async(this.far);
		assertThat(this.agent.nextCall()).isEqualTo(id);
		assertThat(this.near.callResource(this.me, id).get("outcome").asString()).isEqualTo("pending");
		this.agent.answer(id, "1");
		Awaitility.await()
			.atMost(Duration.ofSeconds(15))
			.until(() -> this.near.callResource(this.me, id).get("outcome").asString(), "completed"::equals);
	}

	@Test
	@DisplayName("DELETE of an asynchronous call on another node | cancelled, and the agent hears cancel")
	void shouldCancelAnAsynchronousCallAnywhere() throws Exception {
		String id = async(this.far);
		assertThat(this.agent.nextCall()).isEqualTo(id);
		HttpResponse<String> cancelled = this.near.delete("/v1/tenants/" + this.me.tenant() + "/calls/" + id);
		assertThat(Json.parse(cancelled).get("outcome").asString()).isEqualTo("cancelled");
		assertThat(this.agent.next("cancel").get("id").asString()).isEqualTo(id);
	}

	@Test
	@DisplayName("a keyed call whose node is killed | unknown on every other, and no second run")
	void shouldNotRunAgainWhatADeadNodeRan() throws Exception {
		try (GatewayProcess victim = launch()) {
			victim.awaitReady();
			var first = new Caller(victim).call(this.me, Caller.BODY, "Idempotency-Key", KEY, "Prefer", "wait=60");
			this.agent.nextCall();
			var joined = this.far.call(this.me, Caller.BODY, "Idempotency-Key", KEY, "Prefer", "wait=60");
			Awaitility.await()
				.atMost(Duration.ofSeconds(15))
				.until(() -> this.far.metric("switchboard_forwarding_waiting") == 1);
			victim.kill();
			NODE_DISCONNECTED.in(Caller.finished(joined));
			NODE_DISCONNECTED.in(this.near.callAndWait(this.me, Caller.BODY, "Idempotency-Key", KEY));
			assertThat(first).failsWithin(Duration.ofSeconds(30));
			this.agent.next("cancel");
			this.far.assertQuiet(this.me, this.agent);
		}
	}

	private String async(Caller caller) throws Exception {
		HttpResponse<String> accepted = caller.callAndWait(this.me, Caller.BODY, "Prefer", "respond-async");
		assertThat(accepted.statusCode()).isEqualTo(202);
		return Json.parse(accepted).get("id").asString();
	}

	private void answerOneCall(Caller caller) throws Exception {
		var response = caller.call(this.me, "{\"method\":\"one\"}");
		HttpResponse<String> answer = answer(response);
		assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
	}

	private HttpResponse<String> answer(CompletableFuture<HttpResponse<String>> response) throws Exception {
		while (!response.isDone()) {
			String message = this.agent.poll(Duration.ofMillis(100));
			if (message != null && Json.parse(message).get("type").asString().equals("call")) {
				this.agent.answer(Json.parse(message).get("id").asString(), "1");
			}
		}
		return Caller.finished(response);
	}

}
