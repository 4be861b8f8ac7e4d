package dev.switchboard.contract;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import dev.switchboard.GatewayProcess;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

@DisplayName("A gateway that has no descriptor left")
class DescriptorsIT {

	/** The process has some 200 of its own: the jars of the libraries are open. */
	private static final int LIMIT = 400;

	/** More than there is room for, and half of them have room. */
	private static final int AGENTS = 240;

	private static final Pattern LINE = Pattern.compile("Agents cannot connect at the moment: .*Too many open files");

	@Test
	@DisplayName("established agents and their calls go on; others wait, and connect once there is room")
	void shouldServeWhomItHasAndTakeOthersLater() throws Exception {
		try (GatewayProcess gateway = GatewayProcess.startWithDescriptors(LIMIT);
				Neighbour neighbour = new Neighbour(gateway)) {
			Caller caller = new Caller(gateway);
			assertThat(failures(caller)).isZero();
			List<RawHttp> agents = new ArrayList<>();
			for (int i = 0; i < AGENTS; i++) {
				RawHttp agent = RawHttp.open(gateway.agentPort());
				agent.write(RawSocketAgent.handshakeBytes(new Identity("many", "agent-" + i)));
				agents.add(agent);
			}
			await().until(() -> failures(caller) > 0);
			neighbour.assertUndisturbed();
			Instant start = Instant.now();
			double before = failures(caller);
			await().until(() -> failures(caller) >= before + 3);
			double most = before + 2 + Duration.between(start, Instant.now()).toSeconds();
			assertThat(failures(caller)).as("does not spin").isLessThanOrEqualTo(most);
			neighbour.assertUndisturbed();
			double connected = caller.metric("switchboard_connections");
			assertThat(connected).isLessThan(AGENTS);
			for (RawHttp agent : agents.subList(0, AGENTS / 2)) {
				agent.close();
			}
			for (RawHttp agent : agents.subList(AGENTS / 2, AGENTS)) {
				assertThat(agent.readResponse().status()).isEqualTo(101);
			}
			for (RawHttp agent : agents.subList(AGENTS / 2, AGENTS)) {
				agent.close();
			}
			neighbour.assertUndisturbed();
			assertThat(LINE.matcher(gateway.log()).results().count()).isPositive().isLessThan((long) failures(caller));
		}
	}

	private static double failures(Caller caller) throws Exception {
		return caller.metric("switchboard_accept_failures_total");
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofSeconds(30));
	}

}
