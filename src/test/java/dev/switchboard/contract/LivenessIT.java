package dev.switchboard.contract;

import java.time.Duration;

import dev.switchboard.GatewayProcess;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

@DisplayName("Liveness, with a heartbeat of 1 s")
class LivenessIT {

	@AutoClose
	private static final GatewayProcess GATEWAY = GatewayProcess.start("switchboard.agent.heartbeat=1s");

	private final Caller caller = new Caller(GATEWAY);

	private final Identity me = Identity.fresh();

	@Test
	@DisplayName("welcome | says the heartbeat")
	void shouldSayTheHeartbeat() throws Exception {
		try (TestAgent agent = RawSocketAgent.connect(GATEWAY, this.me)) {
			assertThat(agent.welcome().get("heartbeatMillis").asInt()).isEqualTo(1000);
		}
	}

	@Test
	@DisplayName("4001 | nothing came for two heartbeats; a ping came before")
	void shouldCloseASilentAgent() throws Exception {
		try (RawSocketAgent agent = RawSocketAgent.connect(RawHttp.open(GATEWAY.agentPort()), this.me)) {
			agent.awaitFrame(WireFrame.FIN_PING);
			assertThat(agent.awaitClose()).isEqualTo(4001);
			this.caller.awaitOffline(this.me);
		}
	}

	@Test
	@DisplayName("4001 | its calls fail as agent-disconnected")
	void shouldFailTheCallsOfASilentAgent() throws Exception {
		try (RawSocketAgent agent = RawSocketAgent.connect(RawHttp.open(GATEWAY.agentPort()), this.me)) {
			var response = this.caller.call(this.me);
			agent.awaitFrame(WireFrame.FIN_TEXT);
			Problem.agentDisconnected().in(Caller.finished(response));
		}
	}

	@ParameterizedTest(name = "agent {0}")
	@EnumSource(TestAgent.Kind.class)
	@DisplayName("an agent that answers pings | stays")
	void shouldKeepAnAgentThatAnswersPings(TestAgent.Kind kind) throws Exception {
		try (TestAgent agent = kind.connect(GATEWAY, this.me)) {
			assertThat(agent.poll(Duration.ofSeconds(4))).as("nothing but pings for four heartbeats").isNull();
			var response = this.caller.call(this.me);
			agent.answer(agent.nextCall(), "1");
			assertThat(Caller.finished(response).statusCode()).isEqualTo(200);
		}
	}

	@Test
	@DisplayName("an agent that pings by itself | stays, and is pinged by nobody")
	void shouldKeepAnAgentThatPings() throws Exception {
		try (RawSocketAgent agent = RawSocketAgent.connect(RawHttp.open(GATEWAY.agentPort()), this.me)) {
			for (int i = 0; i < 12; i++) {
				agent.sendFrame(WireFrame.FIN_PING, (byte) i);
				assertThat(agent.awaitFrame(WireFrame.FIN_PONG).payload()).containsExactly(i);
				assertThat(agent.pollFrame(Duration.ofMillis(300))).isNull();
			}
		}
	}

}
