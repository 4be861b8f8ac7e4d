package dev.switchboard.contract;

import dev.switchboard.GatewayProcess;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

@DisplayName("A connection that is quiet while calls wait")
@ExtendWith(SharedGateway.class)
class QuietConnectionIT {

	private final GatewayProcess gateway;

	private final Caller caller;

	QuietConnectionIT(GatewayProcess gateway) {
		this.gateway = gateway;
		this.caller = new Caller(gateway);
	}

	@Test
	@DisplayName("quiet for 5 s | pinged; no answer for 5 s more | 4001, its calls fail; an answer | it stays")
	void shouldPingAQuietConnectionWhileACallWaits() throws Exception {
		Identity dead = Identity.fresh();
		Identity slow = Identity.fresh();
		try (RawSocketAgent deaf = RawSocketAgent.connect(RawHttp.open(this.gateway.agentPort()), dead);
				TestAgent alive = JdkAgent.connect(this.gateway, slow)) {
			var failing = this.caller.call(dead, Caller.BODY, "Prefer", "wait=25");
			var waiting = this.caller.call(slow, Caller.BODY, "Prefer", "wait=25");
			deaf.awaitFrame(WireFrame.FIN_TEXT);
			String id = alive.nextCall();
			deaf.awaitFrame(WireFrame.FIN_PING);
			assertThat(deaf.awaitClose()).isEqualTo(4001);
			Problem.agentDisconnected().in(Caller.finished(failing));
			alive.answer(id, "\"slow\"");
			assertThat(Caller.finished(waiting).body()).contains("\"slow\"");
		}
	}

}
