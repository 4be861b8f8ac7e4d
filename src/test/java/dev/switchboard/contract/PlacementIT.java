package dev.switchboard.contract;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;

import dev.switchboard.GatewayProcess;
import dev.switchboard.database.MariaDbServer;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

@DisplayName("An agent that connects where it is not, or twice")
class PlacementIT {

	private static final String FIRST_URL = "wss://first.example.org/v1/connect";

	private static MariaDbServer database;

	private static String name;

	private static GatewayProcess second;

	private final Identity me = Identity.fresh();

	@BeforeAll
	static void startNode() {
		database = MariaDbServer.shared();
		name = database.createDatabase();
		second = GatewayProcess.start(options());
	}

	@AfterAll
	static void stopNode() {
		second.close();
	}

	private static String[] options(String... more) {
		String[] options = { "spring.r2dbc.url=" + database.url(name), "spring.r2dbc.username=root",
				"switchboard.node.lease=2s", "switchboard.agent.placement=owner" };
		return Stream.of(options, more).flatMap(Arrays::stream).toArray(String[]::new);
	}

	@Test
	@DisplayName("placement=owner | 307 to its node's URL; 101 once that node is past its lease")
	void shouldBeSentToTheNodeThatHasIt() throws Exception {
		GatewayProcess first = GatewayProcess.start(options("switchboard.agent.public-url=" + FIRST_URL));
		try (TestAgent _ = RawSocketAgent.connect(first, this.me)) {
			new Caller(second).awaitStatus(this.me, "online");
			RawResponse sent = handshake();
			assertThat(sent.status()).isEqualTo(307);
			assertThat(sent.header("location")).isEqualTo(FIRST_URL);
			first.kill();
			await().until(() -> handshake().status() == 101);
		}
	}

	private RawResponse handshake() throws IOException {
		return RawSocketAgent.handshake(second, "/v1/connect", "Switchboard-Tenant: " + this.me.tenant(),
				"Switchboard-Agent: " + this.me.agent(), "Sec-WebSocket-Protocol: switchboard.v1.json");
	}

	@Test
	@DisplayName("two machines by turns, behind one address | flapping: told by its object, the metric and the log")
	void shouldBeReportedAsFlapping() throws Exception {
		Caller caller = new Caller(second);
		RawSocketAgent latest = RawSocketAgent.connect(second, this.me);
		for (int turn = 1; turn <= 3; turn++) {
			RawSocketAgent next = RawSocketAgent.connect(second, this.me);
			// The first connection answered its close frame, so it was alive.
			assertThat(latest.awaitClose()).isEqualTo(4501);
			latest.close();
			latest = next;
			String connection = next.welcome().get("connectionId").asString();
			await().until(() -> caller.get(this.me.path()).body().contains(connection));
		}
		await().until(() -> Json.parse(caller.get(this.me.path())).path("flapping").asBoolean(false));
		assertThat(caller.metric("switchboard_agents_flapping_total")).isEqualTo(1);
		assertThat(second.log()).contains(this.me.tenant() + "/" + this.me.agent() + " was connected twice at once");
		latest.close();
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(100));
	}

}
