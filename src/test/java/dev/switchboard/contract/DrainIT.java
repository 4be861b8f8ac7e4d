package dev.switchboard.contract;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.switchboard.GatewayProcess;
import dev.switchboard.database.MariaDbServer;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

@Tag("slow")
@DisplayName("A node that drains, beside another one")
class DrainIT {

	/** The exit status of a process that SIGTERM has ended. */
	private static final int SIGTERM = 143;

	private static final String SOME_NODE = "/v1/nodes/00000000-0000-4000-8000-000000000001/drain";

	private final MariaDbServer database = MariaDbServer.shared();

	private final String name = this.database.createDatabase();

	private final Identity me = Identity.fresh();

	private GatewayProcess leaving = launch();

	private GatewayProcess other = launch();

	private Caller near = new Caller(this.leaving);

	private Caller far = new Caller(this.other);

	private GatewayProcess launch() {
		return GatewayProcess.launch("spring.r2dbc.url=" + this.database.url(this.name), "spring.r2dbc.username=root",
				"switchboard.node.lease=4s", "switchboard.drain.announce=1s", "switchboard.drain.within=12s",
				"switchboard.agent.public-url=ws://127.0.0.1:AGENT_PORT/v1/connect", "switchboard.node.zone=zone-a");
	}

	@BeforeEach
	void awaitNodes() {
		this.leaving.awaitReady();
		this.other.awaitReady();
	}

	@AfterEach
	void stop() {
		try (GatewayProcess _ = this.leaving) {
			this.other.close();
		}
	}

	@Test
	@DisplayName("POST .../drain and DELETE of it, at another node | moves its agents, and takes agents again")
	void shouldDrainAtAnyNodesApiAndBeTakenBack() throws Exception {
		JdkAgent older = JdkAgent.connect(this.leaving, this.me);
		String id = older.welcome().get("node").asString();
		this.far.awaitStatus(this.me, "online");
		JsonNode up = node(id);
		assertThat(up.get("state").asString()).isEqualTo("up");
		assertThat(up.get("zone").asString()).isEqualTo("zone-a");
		assertThat(up.get("version").asString()).isNotEmpty();
		assertThat(up.get("startedAt").asString()).matches("\\d{4}-.*Z");
		assertThat(up.has("drain")).isFalse();

		HttpResponse<String> draining = drain(id, "{\"withinSeconds\":60}");
		assertThat(draining.statusCode()).isEqualTo(202);
		JsonNode node = Json.parse(draining.body());
		assertThat(node.get("id").asString()).isEqualTo(id);
		assertThat(node.get("state").asString()).isEqualTo("draining");
		assertThat(node.at("/drain/left").asInt()).isEqualTo(1);
		assertThat(node.at("/drain/until").asString()).matches("\\d{4}-.*Z");
		assertThat(handshake()).isEqualTo(503);
		assertThat(this.leaving.readiness()).isEqualTo(503);

		JsonNode goAway = older.next("goaway");
		assertThat(goAway.get("reason").asString()).isEqualTo("drain");
		assertThat(goAway.get("url").asString()).isEqualTo(this.other.agent("/v1/connect").toString());
		assertAnswered(this.far, older);
		CompletableFuture<HttpResponse<String>> last = this.near.call(this.me);
		String call = older.nextCall();
		JdkAgent newer = JdkAgent.connect(this.other, this.me);
		await().until(() -> this.near.get(this.me.path()).body(),
				(seen) -> seen.contains(newer.welcome().get("connectionId").asString()));
		assertAnswered(this.near, newer);
		older.answer(call, "1");
		assertThat(Caller.finished(last).statusCode()).isEqualTo(200);
		assertThat(Caller.finished(last).headers().firstValue("Connection")).hasValue("close");
		assertThat(older.awaitClose()).isEqualTo(1001);
		await().until(() -> node(id).at("/drain/left").asInt(-1) == 0);

		HttpResponse<String> back = this.far.delete("/v1/nodes/" + id + "/drain");
		assertThat(back.statusCode()).isEqualTo(200);
		assertThat(Json.parse(back.body()).get("state").asString()).isEqualTo("up");
		await().until(() -> this.leaving.readiness() == 200);
		assertThat(handshake()).isEqualTo(101);
		newer.close();
		older.close();
	}

	@Test
	@DisplayName("SIGTERM | calls in flight are answered; an agent that does not move is closed 1012 at the end")
	void shouldAnswerWhatIsInFlightBeforeItEnds() throws Exception {
		JdkAgent agent = JdkAgent.connect(this.leaving, this.me);
		String node = agent.welcome().get("node").asString();
		this.far.awaitStatus(this.me, "online");
		HttpResponse<String> recorded = this.near.callAndWait(this.me, Caller.BODY, "Prefer", "respond-async");
		String recordedCall = agent.nextCall();
		CompletableFuture<HttpResponse<String>> keyed = this.near.call(this.me, Caller.BODY, "Idempotency-Key", "k");
		String keyedCall = agent.nextCall();
		CompletableFuture<HttpResponse<String>> forwarded = this.far.call(this.me);
		String forwardedCall = agent.nextCall();
		this.leaving.terminate();
		agent.next("goaway");
		assertThat(node(node).get("state").asString()).isEqualTo("draining");
		new Problem("node-ending", 409, "not_sent").in(this.far.delete("/v1/nodes/" + node + "/drain"));
		for (String call : new String[] { recordedCall, keyedCall, forwardedCall }) {
			agent.answer(call, "7");
		}
		assertThat(Caller.finished(keyed).statusCode()).isEqualTo(200);
		assertThat(Caller.finished(forwarded).statusCode()).isEqualTo(200);
		assertThat(agent.awaitClose()).isEqualTo(1012);
		assertThat(this.leaving.awaitExit()).isEqualTo(SIGTERM);
		JsonNode outcome = this.far.callResource(this.me, Json.parse(recorded.body()).get("id").asString());
		assertThat(outcome.get("outcome").asString()).isEqualTo("completed");
		assertThat(this.far.get("/v1/nodes").body()).doesNotContain(node);
		agent.close();
	}

	@Test
	@DisplayName("SIGTERM twice | the process ends at once")
	void shouldEndAtOnceAtTheSecondSignal() throws Exception {
		JdkAgent agent = JdkAgent.connect(this.leaving, this.me);
		this.near.callAndWait(this.me, Caller.BODY, "Prefer", "respond-async");
		agent.nextCall();
		this.leaving.terminate();
		await().until(() -> this.leaving.log().contains("SIGTERM came"));
		this.leaving.terminate();
		assertThat(this.leaving.awaitExit()).isEqualTo(SIGTERM);
		assertThat(agent.awaitClose()).isEqualTo(WireFrame.NO_CLOSE_FRAME);
		assertThat(this.leaving.log()).contains("SIGTERM came again").doesNotContain("The drain has ended");
		agent.close();
	}

	@Test
	@DisplayName("SIGTERM while it starts | the process ends")
	void shouldEndWhileItStarts() throws Exception {
		this.leaving.close();
		this.leaving = this.leaving.again();
		this.leaving.terminate();
		assertThat(this.leaving.awaitExit()).isEqualTo(SIGTERM);
	}

	@Test
	@DisplayName("POST or DELETE .../drain of a node that is not there, or with a bad body | 404 or 400")
	void shouldRefuseWhatItCannotDo() throws Exception {
		Problem unknown = new Problem("node-unknown", 404, "not_sent");
		unknown.in(this.far.request("POST", SOME_NODE));
		unknown.in(this.far.delete(SOME_NODE));
		unknown.in(this.far.request("POST", "/v1/nodes/first/drain"));
		String id = Json.parse(this.far.get("/v1/nodes")).at("/nodes/0/id").asString();
		for (String body : List.of("{", "[]", "{\"withinSeconds\":0}", "{\"withinSeconds\":3601}",
				"{\"withinSeconds\":\"1\"}", "{\"withinSeconds\":null}")) {
			Problem.invalidRequest().in(drain(id, body));
		}
		assertThat(node(id).get("state").asString()).isEqualTo("up");
	}

	private void assertAnswered(Caller caller, TestAgent agent) throws Exception {
		CompletableFuture<HttpResponse<String>> response = caller.call(this.me);
		agent.answer(agent.nextCall(), "1");
		assertThat(Caller.finished(response).statusCode()).isEqualTo(200);
	}

	private HttpResponse<String> drain(String node, String body) throws Exception {
		return this.far.postBytes("/v1/nodes/" + node + "/drain", body.getBytes(StandardCharsets.UTF_8), "Content-Type",
				"application/json");
	}

	private JsonNode node(String id) throws Exception {
		return Json.parse(this.far.get("/v1/nodes"))
			.get("nodes")
			.valueStream()
			.filter((node) -> node.get("id").asString().equals(id))
			.findFirst()
			.orElseThrow();
	}

	private int handshake() throws Exception {
		Identity someone = Identity.fresh();
		return RawSocketAgent
			.handshake(this.leaving, "/v1/connect?tenant=" + someone.tenant() + "&agent=" + someone.agent(),
					"Sec-WebSocket-Protocol: switchboard.v1.json")
			.status();
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(50));
	}

}
