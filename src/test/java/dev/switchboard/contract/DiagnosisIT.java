package dev.switchboard.contract;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.http.HttpResponse;

import dev.switchboard.GatewayProcess;
import dev.switchboard.diagnosis.ExplainCommand;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

@DisplayName("Why an agent can be reached or cannot")
@ExtendWith(SharedGateway.class)
class DiagnosisIT {

	private final GatewayProcess gateway;

	private final Caller caller;

	private final Identity me = Identity.fresh();

	DiagnosisIT(GatewayProcess gateway) {
		this.gateway = gateway;
		this.caller = new Caller(gateway);
	}

	@Test
	@DisplayName("GET .../diagnosis | a connected agent answers a ping; its last calls are there")
	void shouldDiagnoseAConnectedAgent() throws Exception {
		try (TestAgent agent = JdkAgent.connect(this.gateway, this.me)) {
			var call = this.caller.call(this.me);
			String id = agent.nextCall();
			agent.answer(id, "1");
			Caller.finished(call);
			JsonNode diagnosis = diagnose();
			assertThat(diagnosis.propertyNames()).containsExactly("tenant", "agent", "reachable", "because", "presence",
					"node", "roundTripMillis", "queuedBytes", "callsInFlight", "lastCloses", "refusedHandshakes",
					"recentCalls", "clonedFrom");
			assertThat(diagnosis.get("reachable").asBoolean()).isTrue();
			assertThat(diagnosis.get("node")).isEqualTo(agent.welcome().get("node"));
			assertThat(diagnosis.get("because").asString()).contains("answered a ping in");
			assertThat(diagnosis.at("/recentCalls/0/id").asString()).isEqualTo(id);
			assertThat(diagnosis.at("/recentCalls/0/outcome").asString()).isEqualTo("completed");
		}
	}

	@Test
	@DisplayName("GET .../diagnosis | an agent that answers no ping, while a call waits for it")
	void shouldDiagnoseASilentAgent() throws Exception {
		try (TestAgent agent = RawSocketAgent.connect(this.gateway, this.me)) {
			var call = this.caller.call(this.me);
			String id = agent.nextCall();
			JsonNode diagnosis = diagnose();
			assertThat(diagnosis.get("reachable").asBoolean()).isFalse();
			assertThat(diagnosis.get("because").asString()).contains("did not answer a ping");
			assertThat(diagnosis.get("callsInFlight").asInt()).isEqualTo(1);
			assertThat(diagnosis.has("oldestCallMillis")).isTrue();
			assertThat(diagnosis.has("roundTripMillis")).isFalse();
			agent.answer(id, "1");
			assertThat(Caller.finished(call).statusCode()).isEqualTo(200);
		}
	}

	@Test
	@DisplayName("GET .../diagnosis | an offline agent: how its last connection ended, and which calls failed since")
	void shouldDiagnoseAnAgentThatIsOffline() throws Exception {
		RawSocketAgent.connect(this.gateway, this.me).close();
		this.caller.awaitOffline(this.me);
		assertThat(this.caller.callAndWait(this.me, Caller.BODY).statusCode()).isEqualTo(409);
		Awaitility.await().untilAsserted(() -> {
			JsonNode diagnosis = diagnose();
			assertThat(diagnosis.get("reachable").asBoolean()).isFalse();
			assertThat(diagnosis.get("presence").asString()).isEqualTo("offline");
			assertThat(diagnosis.get("because").asString()).startsWith("The agent is offline since ")
				.contains("; its last connection was");
			assertThat(diagnosis.get("lastCloses")).hasSize(1);
			assertThat(diagnosis.at("/recentCalls/0/problem").asString("")).isEqualTo("agent-offline");
		});
	}

	@Test
	@DisplayName("GET .../diagnosis | an agent that was never seen: 200, and calls to it leave nothing")
	void shouldDiagnoseAnAgentThatWasNeverSeen() throws Exception {
		assertThat(this.caller.callAndWait(this.me, Caller.BODY).statusCode()).isEqualTo(404);
		JsonNode diagnosis = diagnose();
		assertThat(diagnosis.get("presence").asString()).isEqualTo("never-seen");
		assertThat(diagnosis.get("recentCalls")).isEmpty();
	}

	@Test
	@DisplayName("explain | prints the diagnosis for people")
	void shouldExplain() throws Exception {
		StringWriter out = new StringWriter();
		try (TestAgent _ = JdkAgent.connect(this.gateway, this.me)) {
			int status = new CommandLine(new ExplainCommand()).setOut(new PrintWriter(out, true))
				.execute(this.me.tenant(), this.me.agent(), "--api", this.gateway.api("").toString());
			assertThat(status).isZero();
			assertThat(out.toString()).startsWith("The agent is connected to node ").contains("round trip");
		}
	}

	private JsonNode diagnose() throws Exception {
		HttpResponse<String> response = this.caller.get(this.me.path() + "/diagnosis");
		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
		return Json.parse(response);
	}

}
