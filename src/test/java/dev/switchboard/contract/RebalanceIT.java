package dev.switchboard.contract;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

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
@DisplayName("POST /v1/rebalance at an empty node, beside one with six agents")
class RebalanceIT {

	private static final int AGENTS = 6;

	private final MariaDbServer database = MariaDbServer.shared();

	private final String name = this.database.createDatabase();

	private final GatewayProcess full = launch();

	private final GatewayProcess empty = launch();

	private final Caller caller = new Caller(this.empty);

	private final List<Identity> ids = new ArrayList<>();

	private final List<JdkAgent> agents = new ArrayList<>();

	private GatewayProcess launch() {
		return GatewayProcess.launch("spring.r2dbc.url=" + this.database.url(this.name), "spring.r2dbc.username=root",
				"switchboard.node.lease=4s", "switchboard.rebalance.enabled=false",
				"switchboard.agent.public-url=ws://127.0.0.1:AGENT_PORT/v1/connect");
	}

	@BeforeEach
	void connect() throws Exception {
		this.full.awaitReady();
		this.empty.awaitReady();
		for (int i = 0; i < AGENTS; i++) {
			Identity id = Identity.fresh();
			this.ids.add(id);
			this.agents.add(JdkAgent.connect(this.full, id));
			this.caller.awaitStatus(id, "online");
		}
		await().until(() -> {
			JsonNode moves = moves("{\"dryRun\":true}");
			return moves.size() == 1 && moves.get(0).get("agents").asInt() == AGENTS / 2;
		});
	}

	@AfterEach
	void stop() {
		try (GatewayProcess _ = this.full) {
			this.empty.close();
		}
	}

	@Test
	@DisplayName("| with dryRun shows the moves; without it, asks half of the agents to move")
	void shouldShowTheMovesAndMakeThem() throws Exception {
		JsonNode planned = moves("{\"dryRun\":true}").get(0);
		assertThat(planned.get("agents").asInt()).isEqualTo(AGENTS / 2);
		assertThat(planned.get("from").asString()).isEqualTo(this.agents.getFirst().welcome().get("node").asString());
		assertThat(planned.get("to").asString()).isNotEqualTo(planned.get("from").asString());

		assertThat(moves("").get(0)).isEqualTo(planned);
		for (int i = 0; i < AGENTS / 2; i++) {
			JdkAgent older = this.agents.get(i);
			JsonNode goAway = older.next("goaway");
			assertThat(goAway.get("reason").asString()).isEqualTo("rebalance");
			assertThat(goAway.get("url").asString()).isEqualTo(this.empty.agent("/v1/connect").toString());
			assertThat(returnToTheFullNode(this.ids.get(i))).isEqualTo(503);
			JdkAgent newer = JdkAgent.connect(this.empty, this.ids.get(i));
			assertThat(newer.welcome().get("node").asString()).isEqualTo(planned.get("to").asString());
			assertThat(older.awaitClose()).isEqualTo(4000);
		}
		await().until(() -> moves("{\"dryRun\":true}").isEmpty());
		await().until(() -> this.caller.metric("switchboard_rebalance_running") == 0);
		assertThat(new Caller(this.full).metric("switchboard_goaways_total")).isEqualTo(AGENTS / 2);
	}

	@Test
	@DisplayName("with a bad body | 400")
	void shouldRefuseABadBody() throws Exception {
		for (String body : List.of("{", "[]", "{\"dryRun\":1}", "{\"dryRun\":\"true\"}", "{\"dryRun\":null}")) {
			Problem.invalidRequest().in(rebalance(body));
		}
		assertThat(new Caller(this.full).metric("switchboard_rebalance_running")).isZero();
	}

	private int returnToTheFullNode(Identity agent) throws Exception {
		return RawSocketAgent
			.handshake(this.full, "/v1/connect?tenant=" + agent.tenant() + "&agent=" + agent.agent(),
					"Sec-WebSocket-Protocol: switchboard.v1.json")
			.status();
	}

	private JsonNode moves(String body) throws Exception {
		HttpResponse<String> response = rebalance(body);
		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
		return Json.parse(response.body()).get("moves");
	}

	private HttpResponse<String> rebalance(String body) throws Exception {
		return this.caller.postBytes("/v1/rebalance", body.getBytes(StandardCharsets.UTF_8), "Content-Type",
				"application/json");
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(200));
	}

}
