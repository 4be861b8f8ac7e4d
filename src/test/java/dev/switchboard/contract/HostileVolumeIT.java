package dev.switchboard.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

import dev.switchboard.GatewayProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

@DisplayName("Hostile volume, with a neighbour whose calls go on")
class HostileVolumeIT {

	private static final long GIGABYTE = 1L << 30;

	private static final byte[] BLOCK = "x".repeat(65_536).getBytes(StandardCharsets.UTF_8);

	private static GatewayProcess gateway;

	private static Neighbour neighbour;

	private static Caller caller;

	private final Identity me = Identity.fresh();

	/** So little memory that keeping a gigabyte would make the test fail. */
	@BeforeAll
	static void start() throws Exception {
		gateway = GatewayProcess.start("-Xmx160m");
		caller = new Caller(gateway);
		neighbour = new Neighbour(gateway);
	}

	@AfterAll
	static void stop() throws Exception {
		neighbour.close();
		gateway.close();
	}

	@AfterEach
	void assertUndisturbed() {
		neighbour.assertUndisturbed();
	}

	@ParameterizedTest(name = "{0}")
	@ValueSource(strings = { "[", "{\"a\":" })
	@DisplayName("nesting without an end | 400 to a caller, 4503 to an agent")
	void shouldRefuseEndlessNesting(String open) throws Exception {
		String deep = open.repeat(250_000 / open.length());
		Problem.invalidRequest().in(caller.callAndWait(this.me, "{\"method\":\"m\",\"payload\":" + deep + "}"));
		Problem.invalidRequest().in(caller.callAndWait(this.me, deep));
		for (String message : List.of("{\"type\":\"result\",\"payload\":" + deep, "{\"x\":" + deep, deep)) {
			try (TestAgent agent = RawSocketAgent.connect(gateway, this.me)) {
				agent.send(message);
				assertThat(agent.awaitClose()).isEqualTo(4503);
			}
		}
	}

	@Test
	@DisplayName("a caller's body of 1 GB | 413, with its length said")
	void shouldRefuseAGigabyteWithALength() throws Exception {
		try (TestAgent agent = RawSocketAgent.connect(gateway, this.me);
				RawHttp http = RawHttp.open(gateway.apiPort())) {
			http.head("POST " + this.me.calls(), "Host: localhost", "Content-Type: application/json",
					"Content-Length: " + GIGABYTE);
			http.write("{\"method\":\"m\",\"payload\":\"".getBytes(StandardCharsets.UTF_8));
			writeGigabyte(http, new byte[0], new byte[0]);
			Problem.payloadTooLarge().in(http.readResponse());
			caller.assertQuiet(this.me, agent);
		}
	}

	@Test
	@DisplayName("a caller's body of 1 GB | 413, in chunks")
	void shouldRefuseAGigabyteInChunks() throws Exception {
		try (TestAgent agent = RawSocketAgent.connect(gateway, this.me);
				RawHttp http = RawHttp.open(gateway.apiPort())) {
			http.head("POST " + this.me.calls(), "Host: localhost", "Content-Type: application/json",
					"Transfer-Encoding: chunked");
			http.write("19\r\n{\"method\":\"m\",\"payload\":\"\r\n".getBytes(StandardCharsets.UTF_8));
			writeGigabyte(http, "10000\r\n".getBytes(StandardCharsets.UTF_8), "\r\n".getBytes(StandardCharsets.UTF_8));
			Problem.payloadTooLarge().in(http.readResponse());
			caller.assertQuiet(this.me, agent);
		}
	}

	@Test
	@DisplayName("an agent's message of 1 GB | 1009 before long")
	void shouldCloseOnAGigabyteOfAnAgent() throws Exception {
		try (RawHttp http = RawHttp.open(gateway.agentPort());
				RawSocketAgent agent = RawSocketAgent.connect(http, this.me)) {
			agent.sendHeader(WireFrame.FIN_TEXT, GIGABYTE);
			writeGigabyte(http, new byte[0], new byte[0]);
			assertThat(agent.awaitFrame(WireFrame.FIN_CLOSE).closeCode()).isEqualTo(1009);
		}
	}

	@Test
	@DisplayName("an agent's fragments without an end | 1009 before long")
	void shouldCloseOnEndlessFragments() throws Exception {
		try (RawHttp http = RawHttp.open(gateway.agentPort());
				RawSocketAgent agent = RawSocketAgent.connect(http, this.me)) {
			agent.sendFrame(0x01, BLOCK);
			writeGigabyte(http, new byte[] { 0x00, (byte) 0xFF, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0 }, new byte[0]);
			assertThat(agent.awaitFrame(WireFrame.FIN_CLOSE).closeCode()).isEqualTo(1009);
		}
	}

	@Test
	@DisplayName("pings without an end whose pongs nobody reads | nobody else feels them")
	void shouldBearAFloodOfPings() throws Exception {
		byte[] pings = new byte[131 * 500];
		for (int i = 0; i < pings.length; i += 131) {
			pings[i] = (byte) WireFrame.FIN_PING;
			pings[i + 1] = (byte) 0xFD;
		}
		try (RawHttp http = RawHttp.openNarrow(gateway.agentPort());
				RawSocketAgent agent = RawSocketAgent.connect(http, this.me)) {
			Thread flood = Thread.ofVirtual().start(() -> writeUntilClosed(http, pings));
			flood.join(Duration.ofSeconds(2));
			neighbour.assertUndisturbed();
			agent.die();
			flood.join();
		}
	}

	/** Writes a gigabyte in blocks, until the gateway answers, or ends the connection. */
	private static void writeGigabyte(RawHttp http, byte[] before, byte[] after) throws IOException {
		for (long written = 0; written < GIGABYTE && http.in().available() == 0; written += BLOCK.length) {
			if (!written(http, before) || !written(http, BLOCK) || !written(http, after)) {
				return;
			}
		}
	}

	private static void writeUntilClosed(RawHttp http, byte[] bytes) {
		try {
			boolean open = true;
			while (open) {
				open = written(http, bytes);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static boolean written(RawHttp http, byte[] bytes) throws IOException {
		try {
			http.write(bytes);
			return true;
		}
		catch (SocketException ex) {
			return false;
		}
	}

}
