package dev.switchboard.contract;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import dev.switchboard.GatewayProcess;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

@DisplayName("An agent that sends")
class AgentRatesIT {

	private static final int RATE = 200;

	private static final Duration LIMIT = Duration.ofMinutes(1);

	@AutoClose
	private static final GatewayProcess GATEWAY = GatewayProcess.start("switchboard.agent.message-rate=" + RATE,
			"switchboard.agent.control-rate=" + RATE, "switchboard.agent.flood-patience=2s");

	private final Caller caller = new Caller(GATEWAY);

	@Test
	@DisplayName("as many messages at once as it may | keeps its connection, and is not paused")
	void shouldTakeAnHonestBurst() throws Exception {
		double pauses = pauses("messages");
		Identity identity = Identity.fresh();
		try (RawSocketAgent agent = RawSocketAgent.connect(GATEWAY, identity)) {
			for (int i = 0; i < 2 * RATE; i++) {
				agent.send("{\"type\":\"unknown\"}");
			}
			Thread.ofVirtual().start(() -> answerOne(agent));
			assertThat(this.caller.callAndWait(identity, Caller.BODY).statusCode()).isEqualTo(200);
		}
		assertThat(pauses("messages")).isEqualTo(pauses);
	}

	@Test
	@DisplayName("messages without end | is paused, then closed with 4503, and others are not disturbed")
	void shouldCloseAFloodOfMessages() throws Exception {
		assertClosed("messages",
				RawSocketAgent.frame(WireFrame.FIN_TEXT, "{\"type\":\"unknown\"}".getBytes(StandardCharsets.UTF_8)));
	}

	@Test
	@DisplayName("pings without end | is paused, then closed with 4503, and others are not disturbed")
	void shouldCloseAFloodOfPings() throws Exception {
		assertClosed("control-frames", RawSocketAgent.frame(WireFrame.FIN_PING));
	}

	private void assertClosed(String rate, byte[] frame) throws Exception {
		double closed = closed();
		try (Neighbour neighbour = new Neighbour(GATEWAY); RawHttp http = RawHttp.open(GATEWAY.agentPort())) {
			RawSocketAgent agent = RawSocketAgent.connect(http, Identity.fresh());
			Thread flood = Thread.ofVirtual().start(() -> writeWithoutEnd(http, frame));
			neighbour.assertUndisturbed();
			assertThat(closeCode(agent)).isEqualTo(4503);
			neighbour.assertUndisturbed();
			flood.interrupt();
		}
		assertThat(pauses(rate)).isPositive();
		assertThat(closed()).isEqualTo(closed + 1);
	}

	private static int closeCode(RawSocketAgent agent) throws IOException {
		WireFrame frame = agent.pollFrame(LIMIT);
		while (frame != null && frame.head() != WireFrame.FIN_CLOSE) {
			frame = agent.pollFrame(LIMIT);
		}
		return (frame != null) ? frame.closeCode() : -1;
	}

	private static void writeWithoutEnd(RawHttp http, byte[] frame) {
		try {
			while (!Thread.interrupted()) {
				http.write(frame);
			}
		}
		catch (IOException ex) {
			// The node has closed the connection.
		}
	}

	private static void answerOne(RawSocketAgent agent) {
		try {
			agent.answer(agent.nextCall(), "1");
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private double pauses(String rate) throws Exception {
		return this.caller.metric("switchboard_agents_paused_total{rate=\"" + rate + "\"}");
	}

	private double closed() throws Exception {
		return this.caller.metric("switchboard_connections_closed_total{code=\"4503\"}");
	}

}
