package dev.switchboard.contract;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

import dev.switchboard.GatewayProcess;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

@DisplayName("Frames that the gateway writes")
@ExtendWith(SharedGateway.class)
class FramesIT {

	private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

	private final GatewayProcess gateway;

	private final Caller caller;

	private final Identity me = Identity.fresh();

	FramesIT(GatewayProcess gateway) {
		this.gateway = gateway;
		this.caller = new Caller(gateway);
	}

	@Test
	@DisplayName("welcome | first message, all members")
	void shouldWelcome() throws Exception {
		try (TestAgent agent = RawSocketAgent.connect(this.gateway, this.me)) {
			JsonNode welcome = agent.welcome();
			assertThat(welcome.propertyNames()).containsExactlyInAnyOrder("type", "connectionId", "epoch", "node",
					"heartbeatMillis", "maxFrameBytes", "maxInFlight", "reconnect");
			assertThat(welcome.get("connectionId").isString()).isTrue();
			assertThat(welcome.get("epoch").isIntegralNumber()).isTrue();
			assertThat(welcome.get("node").isString()).isTrue();
			assertThat(welcome.get("heartbeatMillis").asInt()).isEqualTo(30_000);
			assertThat(welcome.get("maxFrameBytes").asInt()).isEqualTo(262_144);
			assertThat(welcome.get("maxInFlight").asInt()).isEqualTo(64);
			assertThat(welcome.get("reconnect").propertyNames()).containsExactlyInAnyOrder("minMillis", "maxMillis");
			assertThat(welcome.at("/reconnect/minMillis").asInt()).isNotNegative()
				.isLessThanOrEqualTo(welcome.at("/reconnect/maxMillis").asInt());
		}
	}

	@Test
	@DisplayName("welcome | type first, no white space")
	void shouldWriteTheWelcomeCompactly() throws Exception {
		try (RawHttp http = RawHttp.open(this.gateway.agentPort())) {
			http.head("GET /v1/connect", "Host: localhost", "Upgrade: websocket", "Connection: Upgrade",
					"Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
					"Sec-WebSocket-Protocol: switchboard.v1.json", "Switchboard-Tenant: " + this.me.tenant(),
					"Switchboard-Agent: " + this.me.agent());
			http.readResponse();
			assertThat(http.in().read()).isEqualTo(WireFrame.FIN_TEXT);
			assertThat(http.in().read()).as("126: a length of two bytes").isEqualTo(126);
			int length = http.in().read() << 8 | http.in().read();
			String welcome = new String(http.in().readNBytes(length), StandardCharsets.UTF_8);
			assertThat(welcome).startsWith("{\"type\":\"welcome\",").endsWith("}").doesNotContainAnyWhitespaces();
		}
	}

	@Test
	@DisplayName("welcome | connectionId, epoch and node are those of the agent's presence")
	void shouldNameTheConnectionAsThePresenceDoes() throws Exception {
		try (TestAgent agent = RawSocketAgent.connect(this.gateway, this.me)) {
			JsonNode presence = Json.parse(this.caller.get(this.me.path()));
			for (String member : List.of("connectionId", "epoch", "node")) {
				assertThat(presence.get(member)).as(member).isEqualTo(agent.welcome().get(member));
			}
		}
	}

	@Test
	@DisplayName("call | type, id, ..., payload; no white space; as many milliseconds as remain")
	void shouldWriteACall() throws Exception {
		try (TestAgent agent = RawSocketAgent.connect(this.gateway, this.me)) {
			var response = this.caller.call(this.me, "{ \"method\" : \"read\" , \"payload\" : {\"a\" : [1 , 2]} }");
			String call = agent.next();
			assertThat(call).matches("\\{\"type\":\"call\",\"id\":\"" + Json.UUID + "\",\\S*,\"payload\":"
					+ Pattern.quote("{\"a\" : [1 , 2]}") + "\\}");
			JsonNode frame = Json.parse(call);
			assertThat(frame.propertyNames()).containsOnlyOnce("type", "id", "method", "ttlMillis", "payload");
			assertThat(frame.get("method").asString()).isEqualTo("read");
			assertThat(frame.get("ttlMillis").isIntegralNumber()).isTrue();
			assertThat(frame.get("ttlMillis").asInt()).isBetween(1, 10_000);
			agent.answer(frame.get("id").asString(), "1");
			assertThat(Json.parse(Caller.finished(response)).get("id")).isEqualTo(frame.get("id"));
		}
	}

	@Test
	@DisplayName("call | traceparent goes on")
	void shouldPassTheTraceOn() throws Exception {
		try (TestAgent agent = RawSocketAgent.connect(this.gateway, this.me)) {
			var _ = this.caller.call(this.me, Caller.BODY, "traceparent", TRACE);
			String call = agent.next();
			assertThat(call).startsWith("{\"type\":\"call\",\"id\":").endsWith(",\"payload\":{\"a\":1}}");
			assertThat(Json.parse(call).get("traceparent").asString())
				.matches("00-4bf92f3577b34da6a3ce929d0e0e4736-[0-9a-f]{16}-01");
		}
	}

	@ParameterizedTest(name = "{0}")
	@ValueSource(strings = { "x", "00-00000000000000000000000000000000-00f067aa0ba902b7-01", "00-\",\"id\":\"1-2-01" })
	@DisplayName("call | a traceparent that is none does not go on")
	void shouldNotPassOnWhatIsNoTrace(String traceparent) throws Exception {
		try (TestAgent agent = RawSocketAgent.connect(this.gateway, this.me)) {
			var response = this.caller.call(this.me, Caller.BODY, "traceparent", traceparent);
			JsonNode call = agent.next("call");
			assertThat(call.path("traceparent").asString("")).isNotEqualTo(traceparent);
			agent.answer(call.get("id").asString(), "1");
			assertThat(Caller.finished(response).statusCode()).isEqualTo(200);
		}
	}

	@Test
	@DisplayName("call | a method in any characters")
	void shouldPassTheMethodOn() throws Exception {
		try (TestAgent agent = RawSocketAgent.connect(this.gateway, this.me)) {
			var _ = this.caller.call(this.me, "{\"payload\":1,\"method\":\"a\\\"b\\\\c\\u00e9\\n\ud83d\ude00\\/ }\"}");
			JsonNode call = agent.next("call");
			assertThat(call.get("method").asString()).isEqualTo("a\"b\\c\u00e9\n\ud83d\ude00/ }");
			assertThat(call.get("payload").asInt()).isEqualTo(1);
		}
	}

	@Test
	@DisplayName("call | no payload is null")
	void shouldWriteNullForNoPayload() throws Exception {
		try (TestAgent agent = RawSocketAgent.connect(this.gateway, this.me)) {
			var _ = this.caller.call(this.me, "{\"method\":\"m\"}");
			assertThat(agent.next()).endsWith(",\"payload\":null}");
		}
	}

	@ParameterizedTest(name = "{0}")
	@ValueSource(strings = { "1e999", "0.10", "-0", "1E+2", "123456789012345678901234567890.5", "\"\"", "true", "null",
			"\"\\u0041\\/\\ud83d\\ude00\\ud800\"", "\"\u00e9\ud83d\ude00\u2028\"", "{\"a\":1,\"a\":2}", "[ ]", "{ }",
			"{\"a\" : [1 ,\t2], \"type\":\"welcome\", \"\":\"\\\"}{,\" }", "\"\\\\\"", "[[],[[]],{\"\":{}}]" })
	@DisplayName("payload | the bytes as they were written, both ways")
	void shouldPassPayloadsVerbatim(String payload) throws Exception {
		try (TestAgent agent = RawSocketAgent.connect(this.gateway, this.me)) {
			var response = this.caller.call(this.me, "{\"method\":\"m\",\"payload\":" + payload + "}");
			String call = agent.next();
			assertThat(call).endsWith(",\"payload\":" + payload + "}");
			agent.answer(Json.parse(call).get("id").asString(), payload);
			assertThat(Caller.finished(response).body()).endsWith("\"payload\":" + payload + "}");
		}
	}

	@ParameterizedTest(name = "{0}")
	@ValueSource(strings = { "1e999", "0.10", "\"\\u0041\\/\u00e9\"", "{\"a\" : 1}" })
	@DisplayName("error's payload | the bytes as they were written")
	void shouldPassTheErrorsPayloadVerbatim(String payload) throws Exception {
		try (TestAgent agent = RawSocketAgent.connect(this.gateway, this.me)) {
			var response = this.caller.call(this.me);
			agent.send("{\"type\":\"error\",\"id\":\"" + agent.nextCall()
					+ "\",\"code\":\"c\",\"message\":\"m\",\"payload\":" + payload + "}");
			assertThat(Caller.finished(response).body()).contains("\"payload\":" + payload + "}");
		}
	}

	@Test
	@DisplayName("cancel | the caller hung up")
	void shouldCancelWhenTheCallerHangsUp() throws Exception {
		try (TestAgent agent = RawSocketAgent.connect(this.gateway, this.me)) {
			var response = this.caller.call(this.me);
			String id = agent.nextCall();
			response.cancel(true);
			assertThat(agent.next()).isEqualTo("{\"type\":\"cancel\",\"id\":\"" + id + "\"}");
		}
	}

	@Test
	@DisplayName("cancel | the deadline passed")
	void shouldCancelWhenTheDeadlinePasses() throws Exception {
		try (TestAgent agent = RawSocketAgent.connect(this.gateway, this.me)) {
			var response = this.caller.call(this.me, Caller.BODY, "Prefer", "wait=1");
			String id = agent.nextCall();
			assertThat(agent.next()).isEqualTo("{\"type\":\"cancel\",\"id\":\"" + id + "\"}");
			Problem.deadlineExceeded().in(Caller.finished(response));
		}
	}

	@Test
	@DisplayName("push | type, id, method, payload")
	void shouldWriteAPush() throws Exception {
		try (TestAgent agent = RawSocketAgent.connect(this.gateway, this.me)) {
			var response = this.caller.push(this.me, "{\"method\":\"note\",\"payload\":{\"x\" : 0.10}}");
			String push = agent.next();
			assertThat(push).matches("\\{\"type\":\"push\",\"id\":\"[^\"]+\",\"method\":\"note\",\"payload\":"
					+ Pattern.quote("{\"x\" : 0.10}") + "\\}");
			assertThat(Json.parse(Caller.finished(response)).get("id")).isEqualTo(Json.parse(push).get("id"));
		}
	}

	@Test
	@DisplayName("ping | the pong has its bytes")
	void shouldAnswerAPing() throws Exception {
		try (RawSocketAgent agent = RawSocketAgent.connect(RawHttp.open(this.gateway.agentPort()), this.me)) {
			byte[] longest = new byte[125];
			Arrays.fill(longest, (byte) 0xC3);
			agent.sendFrame(WireFrame.FIN_PING, longest);
			assertThat(agent.awaitFrame(WireFrame.FIN_PONG).payload()).isEqualTo(longest);
			agent.sendFrame(WireFrame.FIN_PING);
			assertThat(agent.awaitFrame(WireFrame.FIN_PONG).payload()).isEmpty();
		}
	}

}
