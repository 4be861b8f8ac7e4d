package dev.switchboard.contract;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.function.Predicate;
import java.util.stream.IntStream;

import dev.switchboard.GatewayProcess;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

@DisplayName("Close codes")
@ExtendWith(SharedGateway.class)
class ClosesIT {

	private final GatewayProcess gateway;

	private final Caller caller;

	private final Identity me = Identity.fresh();

	private RawSocketAgent agent;

	ClosesIT(GatewayProcess gateway) {
		this.gateway = gateway;
		this.caller = new Caller(gateway);
	}

	@BeforeEach
	void connect() throws Exception {
		this.agent = RawSocketAgent.connect(RawHttp.open(this.gateway.agentPort()), this.me);
	}

	@AfterEach
	void leave() throws Exception {
		this.agent.close();
	}

	@ParameterizedTest(name = "first byte {0}, {1} bytes")
	@CsvSource({ "0xC1, 2, RSV1 without an extension", "0xA1, 2, RSV2", "0x91, 2, RSV3", "0x83, 0, reserved opcode",
			"0x8B, 0, reserved control opcode", "0x09, 0, ping in fragments", "0x08, 0, close in fragments",
			"0x89, 126, ping too long", "0x80, 1, nothing to continue", "0x88, 1, half a close code" })
	@DisplayName("1002 | RFC 6455 broken")
	void shouldCloseWhenTheRfcIsBroken(int head, int length) throws Exception {
		this.agent.sendFrame(head, new byte[length]);
		assertThat(this.agent.awaitClose()).isEqualTo(1002);
	}

	@Test
	@DisplayName("1002 | a frame without a mask")
	void shouldCloseOnAnUnmaskedFrame() throws Exception {
		this.agent.sendUnmasked(WireFrame.FIN_TEXT, "{\"type\":\"hello\"}".getBytes(StandardCharsets.UTF_8));
		assertThat(this.agent.awaitClose()).isEqualTo(1002);
	}

	@Test
	@DisplayName("1002 | a new message within a message")
	void shouldCloseOnAMessageWithinAMessage() throws Exception {
		this.agent.sendFrame(0x01, (byte) '{');
		this.agent.sendFrame(WireFrame.FIN_TEXT, (byte) '{', (byte) '}');
		assertThat(this.agent.awaitClose()).isEqualTo(1002);
	}

	@ParameterizedTest(name = "{0}")
	@ValueSource(ints = { 0, 999, 1004, 1005, 1006, 1015, 2999, 5000, 65535 })
	@DisplayName("1002 | a close code that nobody may send")
	void shouldCloseOnAForbiddenCloseCode(int code) throws Exception {
		this.agent.sendFrame(WireFrame.FIN_CLOSE, (byte) (code >> 8), (byte) code);
		assertThat(this.agent.awaitClose()).isEqualTo(1002);
	}

	@ParameterizedTest(name = "{0}")
	@ValueSource(ints = { 1000, 1001, 3000, 4999 })
	@DisplayName("the agent's own close | its code comes back, and it is offline")
	void shouldEchoTheAgentsClose(int code) throws Exception {
		this.agent.sendFrame(WireFrame.FIN_CLOSE, (byte) (code >> 8), (byte) code);
		assertThat(this.agent.awaitClose()).isEqualTo(code);
		this.caller.awaitOffline(this.me);
	}

	@Test
	@DisplayName("the agent's own close without a code | answered with a close")
	void shouldAnswerACloseWithoutACode() throws Exception {
		this.agent.sendFrame(WireFrame.FIN_CLOSE);
		assertThat(this.agent.awaitClose()).isIn(1000, 1005);
	}

	@Test
	@DisplayName("the JDK's own close | it is offline")
	void shouldTakeTheCloseOfADecentClient() throws Exception {
		Identity other = Identity.fresh();
		try (JdkAgent jdk = JdkAgent.connect(this.gateway, other)) {
			jdk.leave();
			assertThat(jdk.awaitClose()).isEqualTo(1000);
			this.caller.awaitOffline(other);
		}
	}

	@Test
	@DisplayName("the agent ends its side of the socket | it is offline, its calls fail, the gateway ends the other")
	void shouldEndAHalfClosedConnection() throws Exception {
		var response = this.caller.call(this.me);
		this.agent.nextCall();
		this.agent.endOutput();
		assertThat(this.agent.awaitClose()).isEqualTo(WireFrame.NO_CLOSE_FRAME);
		Problem.agentDisconnected().in(Caller.finished(response));
		this.caller.awaitOffline(this.me);
	}

	@Test
	@DisplayName("the agent resets its socket | it is offline, its calls fail")
	void shouldEndAResetConnection() throws Exception {
		var response = this.caller.call(this.me);
		this.agent.nextCall();
		this.agent.die();
		Problem.agentDisconnected().in(Caller.finished(response));
		this.caller.awaitOffline(this.me);
	}

	@ParameterizedTest(name = "{0}")
	@ValueSource(strings = { "80", "C3", "C0AF", "EDA080", "F4908080", "E282", "7B22E2" })
	@DisplayName("1007 | text is not UTF-8")
	void shouldCloseWhenTextIsNotUtf8(String hex) throws Exception {
		this.agent.sendFrame(WireFrame.FIN_TEXT, HexFormat.of().parseHex(hex));
		assertThat(this.agent.awaitClose()).isEqualTo(1007);
	}

	@Test
	@DisplayName("1007 | text is not UTF-8, within a frame of an unknown type")
	void shouldCloseWhenTextWithinJsonIsNotUtf8() throws Exception {
		this.agent.sendFrame(WireFrame.FIN_TEXT,
				"{\"type\":\"x\",\"y\":\"\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1));
		assertThat(this.agent.awaitClose()).isEqualTo(1007);
	}

	@Test
	@DisplayName("1007 | text is not UTF-8, over two fragments")
	void shouldCloseWhenFragmentsAreNotUtf8() throws Exception {
		this.agent.sendFrame(0x01, (byte) '"', (byte) 0xE2);
		this.agent.sendFrame(0x80, (byte) 0x82, (byte) '"');
		assertThat(this.agent.awaitClose()).isEqualTo(1007);
	}

	@Test
	@DisplayName("1007 | the reason of a close is not UTF-8")
	void shouldCloseWhenAReasonIsNotUtf8() throws Exception {
		this.agent.sendFrame(WireFrame.FIN_CLOSE, (byte) 3, (byte) 0xE8, (byte) 0x80);
		assertThat(this.agent.awaitClose()).isEqualTo(1007);
	}

	@Test
	@DisplayName("1009 | a message one byte too big")
	void shouldCloseWhenAMessageIsTooBig() throws Exception {
		this.agent.send("{\"type\":\"x\",\"y\":\"" + "y".repeat(262_144 + 1 - 19) + "\"}");
		assertThat(this.agent.awaitClose()).isEqualTo(1009);
	}

	@Test
	@DisplayName("1009 | fragments too big together")
	void shouldCloseWhenFragmentsAreTooBigTogether() throws Exception {
		byte[] part = " ".repeat(32_768).getBytes(StandardCharsets.UTF_8);
		this.agent.sendFrame(0x01, part);
		for (int i = 0; i < 8; i++) {
			this.agent.sendFrame(0x00, part);
		}
		assertThat(this.agent.awaitClose()).isEqualTo(1009);
	}

	@ParameterizedTest(name = "{0}")
	@ValueSource(longs = { 262_145, 5_000_000_000L, Long.MAX_VALUE })
	@DisplayName("1009 | a length too big, once the first bytes have named no call")
	void shouldCloseWhenALengthIsTooBig(long length) throws Exception {
		this.agent.sendHeader(WireFrame.FIN_TEXT, length);
		this.agent.sendBytes(new byte[256]);
		assertThat(this.agent.awaitFrame(WireFrame.FIN_CLOSE).closeCode()).isEqualTo(1009);
	}

	@Test
	@DisplayName("1002 | a length with its highest bit set")
	void shouldCloseWhenALengthIsNegative() throws Exception {
		this.agent.sendBytes(HexFormat.of().parseHex("81FF" + "8000000000000005" + "00000000"));
		assertThat(this.agent.awaitFrame(WireFrame.FIN_CLOSE).closeCode()).isIn(1002, 1009);
	}

	@Test
	@DisplayName("4004 | disconnected by an operator; its calls fail")
	void shouldCloseForAnOperator() throws Exception {
		var response = this.caller.call(this.me);
		this.agent.nextCall();
		assertThat(this.caller.delete(this.me.path() + "/connection").statusCode()).isEqualTo(204);
		assertThat(this.agent.awaitClose()).isEqualTo(4004);
		Problem.agentDisconnected().in(Caller.finished(response));
		this.caller.awaitOffline(this.me);
	}

	@ParameterizedTest(name = "agent {0}")
	@EnumSource(TestAgent.Kind.class)
	@DisplayName("4501 | superseded; its calls fail, the newer one is called and stays")
	void shouldCloseTheOlderConnection(TestAgent.Kind kind) throws Exception {
		var response = this.caller.call(this.me);
		String id = this.agent.nextCall();
		try (TestAgent newer = kind.connect(this.gateway, this.me)) {
			assertThat(this.agent.awaitClose()).isEqualTo(4501);
			assertThat(Problem.agentDisconnected().in(Caller.finished(response)).get("callId").asString())
				.isEqualTo(id);
			assertThat(newer.welcome().get("epoch").asLong()).isGreaterThan(this.agent.welcome().get("epoch").asLong());
			this.agent.close();
			var next = this.caller.call(this.me);
			newer.answer(newer.nextCall(), "\"newer\"");
			assertThat(Caller.finished(next).body()).contains("\"newer\"");
			assertThat(Json.parse(this.caller.get(this.me.path())).get("connectionId"))
				.isEqualTo(newer.welcome().get("connectionId"));
		}
	}

	@Test
	@DisplayName("4501 | many connections at once; the one with the highest epoch stays")
	void shouldKeepTheNewestOfMany() throws Exception {
		var others = IntStream.range(0, 8).parallel().mapToObj((_) -> connectQuietly()).toList();
		TestAgent newest = others.stream()
			.max(Comparator.comparingLong((each) -> each.welcome().get("epoch").asLong()))
			.orElseThrow();
		for (TestAgent each : others.stream().filter(Predicate.not(newest::equals)).toList()) {
			assertThat(each.awaitClose()).isEqualTo(4501);
		}
		var response = this.caller.call(this.me);
		newest.answer(newest.nextCall(), "1");
		assertThat(Caller.finished(response).statusCode()).isEqualTo(200);
		newest.close();
	}

	@Test
	@DisplayName("a close for a bad message | readable by a peer that still writes")
	void shouldLetAPeerThatStillWritesSeeTheCode() throws Exception {
		byte[] more = " ".repeat(65_536).getBytes(StandardCharsets.UTF_8);
		this.agent.send("no JSON");
		for (int i = 0; i < 32; i++) {
			this.agent.sendFrame(WireFrame.FIN_TEXT, more);
		}
		assertThat(this.agent.awaitClose()).isEqualTo(4503);
	}

	@Test
	@DisplayName("a close for a too big message | readable by a peer that writes all of it")
	void shouldLetAPeerThatWritesTooMuchSeeTheCode() throws Exception {
		byte[] more = new byte[65_536];
		this.agent.sendHeader(WireFrame.FIN_TEXT, 32L * more.length);
		for (int i = 0; i < 32; i++) {
			this.agent.sendBytes(more);
		}
		assertThat(this.agent.awaitClose()).isEqualTo(1009);
	}

	private RawSocketAgent connectQuietly() {
		try {
			return RawSocketAgent.connect(RawHttp.open(this.gateway.agentPort()), this.me);
		}
		catch (Exception ex) {
			throw new AssertionError(ex);
		}
	}

}
