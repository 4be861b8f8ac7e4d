package dev.switchboard.contract;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

import dev.switchboard.GatewayProcess;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

@DisplayName("4503, protocol violation")
@ExtendWith(SharedGateway.class)
class ViolationsIT {

	private static final String ID = "\"id\":\"6f9619ff-8b86-4d01-b42d-00cf4fc964ff\"";

	private final GatewayProcess gateway;

	private final Caller caller;

	private final Identity me = Identity.fresh();

	ViolationsIT(GatewayProcess gateway) {
		this.gateway = gateway;
		this.caller = new Caller(gateway);
	}

	@ParameterizedTest(name = "{0}")
	@ValueSource(strings = { "", " ", "hello", "null", "1", "\"type\"", "[]", "[{\"type\":\"hello\"}]", "{", "}",
			"{\"type\":\"hello\"", "{\"type\":\"hello\"}}", "{\"type\":\"hello\"}{\"type\":\"hello\"}",
			"{\"type\":\"hello\"} x", "{\"type\":\"hello\",}", "{,\"type\":\"hello\"}", "{'type':'hello'}",
			"{type:\"hello\"}", "{\"type\" \"hello\"}", "{\"type\":\"hello\" \"x\":1}", "\ufeff{\"type\":\"hello\"}",
			"{\"type\":\"hello\"/**/}", "\u00a0{\"type\":\"hello\"}", "{\"type\":\"hello\"}\u0000" })
	@DisplayName("not one JSON object")
	void shouldCloseOnWhatIsNoObject(String message) throws Exception {
		assertViolation(message);
	}

	@ParameterizedTest(name = "{0}")
	@ValueSource(strings = { "", "01", "-", "+1", "1.", ".1", "1e", "1e+", "0x1", "NaN", "Infinity", "-Infinity", "tru",
			"True", "nul", "'a'", "\"", "\"\\x\"", "\"\\u12g4\"", "\"\\u123\"", "\"\\", "[1,]", "[,1]", "[1 2]", "[",
			"[}", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{1:2}", "{a:1}", "1,", "1 2", "]", "undefined" })
	@DisplayName("a member that is no JSON, of a frame that names no call")
	void shouldCloseOnAMemberThatIsNoJson(String payload) throws Exception {
		assertViolation("{\"type\":\"future\",\"member\":" + payload + "}");
	}

	@ParameterizedTest(name = "U+{0}")
	@ValueSource(ints = { 0x00, 0x01, 0x08, 0x09, 0x0A, 0x0D, 0x1F })
	@DisplayName("a raw control character in a string")
	void shouldCloseOnARawControlCharacter(int character) throws Exception {
		assertViolation("{\"type\":\"ack\"," + ID + ",\"payload\":\"a" + (char) character + "b\"}");
		assertViolation("{\"type\":\"he" + (char) character + "llo\"}");
	}

	static Stream<String> badMembers() {
		return Stream.of("{}", "{\"Type\":\"hello\"}", "{\"type\":null}", "{\"type\":1}", "{\"type\":{}}",
				"{\"type\":[\"hello\"]}", "{\"type\":true}",
				// missing
				"{\"type\":\"accept\"}", "{\"type\":\"chunk\",\"payload\":1}", "{\"type\":\"result\",\"payload\":1}",
				"{\"type\":\"error\",\"code\":\"c\",\"message\":\"m\"}",
				// of the wrong type
				"{\"type\":\"accept\",\"id\":1}", "{\"type\":\"accept\",\"id\":null}",
				"{\"type\":\"chunk\",\"id\":{},\"payload\":1}", "{\"type\":\"result\",\"id\":[],\"payload\":1}",
				// twice there
				"{\"type\":\"hello\",\"type\":\"accept\"}", "{\"type\":\"future\",\"type\":\"future\"}",
				"{\"type\":\"hello\",\"t\\u0079pe\":\"future\"}", "{\"type\":\"accept\"," + ID + ",\"id\":\"x\"}");
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("badMembers")
	@DisplayName("a member that is missing, of the wrong type, or twice there")
	void shouldCloseOnABadMember(String message) throws Exception {
		assertViolation(message);
	}

	@Test
	@DisplayName("a binary message")
	void shouldCloseOnABinaryMessage() throws Exception {
		try (RawSocketAgent agent = connect()) {
			agent.sendFrame(WireFrame.FIN_BINARY, "{\"type\":\"hello\"}".getBytes(StandardCharsets.UTF_8));
			assertThat(agent.awaitClose()).isEqualTo(4503);
		}
	}

	@ParameterizedTest(name = "{0}")
	@ValueSource(strings = { "[", "{\"a\":" })
	@DisplayName("a payload nested 513 deep")
	void shouldCloseOnAPayloadNestedTooDeep(String open) throws Exception {
		String deep = open.repeat(513) + (open.equals("[") ? "" : "1") + (open.equals("[") ? "]" : "}").repeat(513);
		assertViolation("{\"type\":\"ack\"," + ID + ",\"payload\":" + deep + "}");
	}

	@Test
	@DisplayName("its calls fail | agent-disconnected")
	void shouldFailTheCallsOfTheConnection() throws Exception {
		try (RawSocketAgent agent = connect()) {
			var response = this.caller.call(this.me);
			agent.nextCall();
			agent.send("no JSON");
			Problem.agentDisconnected().in(Caller.finished(response));
			assertThat(agent.awaitClose()).isEqualTo(4503);
		}
	}

	@Test
	@DisplayName("what follows the violation | not read as frames")
	void shouldTakeNothingAfterAViolation() throws Exception {
		try (RawSocketAgent agent = connect()) {
			var response = this.caller.call(this.me);
			String id = agent.nextCall();
			agent.send("no JSON");
			agent.answer(id, "\"too late\"");
			assertThat(agent.awaitClose()).isEqualTo(4503);
			Problem.agentDisconnected().in(Caller.finished(response));
		}
	}

	private void assertViolation(String message) throws Exception {
		try (RawSocketAgent agent = connect()) {
			agent.send(message);
			assertThat(agent.awaitClose()).isEqualTo(4503);
		}
	}

	private RawSocketAgent connect() throws Exception {
		return RawSocketAgent.connect(RawHttp.open(this.gateway.agentPort()), this.me);
	}

}
