package dev.switchboard.contract;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

import dev.switchboard.GatewayProcess;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

@DisplayName("Frames that the agent writes")
@ExtendWith(SharedGateway.class)
class AgentFramesIT {

	private final GatewayProcess gateway;

	private final Caller caller;

	private final Identity me = Identity.fresh();

	private RawSocketAgent agent;

	AgentFramesIT(GatewayProcess gateway) {
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

	@ParameterizedTest(name = "{0}")
	@ValueSource(strings = { "{\"type\":\"hello\"}", "{\"type\":\"hello\",\"agentVersion\":\"1.2\"}",
			"{\"type\":\"hello\",\"labels\":{}}",
			"{\"type\":\"hello\",\"labels\":{\"os\":\"linux\",\"\":\"\"},\"agentVersion\":\"\",\"more\":[1]}" })
	@DisplayName("hello | taken")
	void shouldTakeAHello(String hello) throws Exception {
		this.agent.send(hello);
		assertCallable();
	}

	@Test
	@DisplayName("accept | taken; the result follows")
	void shouldTakeAnAccept() throws Exception {
		var response = this.caller.call(this.me);
		String id = this.agent.nextCall();
		this.agent.send("{\"type\":\"accept\",\"id\":\"" + id + "\"}");
		this.agent.answer(id, "7");
		assertThat(Json.parse(Caller.finished(response)).get("payload").asInt()).isEqualTo(7);
	}

	@ParameterizedTest(name = "{0}")
	@ValueSource(strings = { "{\"type\":\"future\"}", "{\"type\":\"\"}", "{\"type\":\"RESULT\"}",
			"{\"type\":\"future\",\"id\":5,\"payload\":{\"deep\":[{}]},\"method\":null}",
			"{\"more\":{\"type\":\"result\",\"id\":1},\"type\":\"call\",\"x\":[[],{}]}", "{\"type\":\"welcome\"}" })
	@DisplayName("unknown type | ignored")
	void shouldIgnoreUnknownTypes(String frame) throws Exception {
		this.agent.send(frame);
		assertCallable();
	}

	@ParameterizedTest(name = "{0}")
	@ValueSource(strings = { "{\"type\":\"result\",\"id\":\"%s\",\"payload\":42}",
			"{\"payload\":42,\"id\":\"%s\",\"type\":\"result\"}",
			"{\"id\":\"%s\",\"payload\":42,\"more\":{\"payload\":1,\"id\":2},\"type\":\"result\",\"x\":\"}\"}",
			" \t\r\n{ \"type\" :\t\"result\" , \"id\"\n:\r\"%s\" , \"payload\" : 42 } \n",
			"{\"t\\u0079pe\":\"r\\u0065sult\",\"\\u0069d\":\"%s\",\"pay\\u006coad\":42}" })
	@DisplayName("members | in any order, unknown ones among them, with white space and escapes")
	void shouldReadAnyJson(String result) throws Exception {
		var response = this.caller.call(this.me);
		this.agent.send(result.formatted(this.agent.nextCall()));
		assertThat(Caller.finished(response).body()).endsWith("\"payload\":42}");
	}

	@Test
	@DisplayName("id | escaped is the same id")
	void shouldReadAnEscapedId() throws Exception {
		var response = this.caller.call(this.me);
		String id = this.agent.nextCall();
		this.agent.answer("\\u00%02x".formatted((int) id.charAt(0)) + id.substring(1), "1");
		assertThat(Caller.finished(response).statusCode()).isEqualTo(200);
	}

	@ParameterizedTest(name = "{0}")
	@ValueSource(strings = { "{\"type\":\"result\",\"id\":\"%s\",\"payload\":1}",
			"{\"type\":\"chunk\",\"id\":\"%s\",\"payload\":1}", "{\"type\":\"accept\",\"id\":\"%s\"}",
			"{\"type\":\"error\",\"id\":\"%s\",\"code\":\"c\",\"message\":\"m\"}",
			"{\"type\":\"error\",\"id\":\"%s\",\"code\":\"c\",\"message\":\"m\",\"payload\":1}" })
	@DisplayName("for no waiting call | dropped, the connection lives")
	void shouldDropWhatNoCallWaitsFor(String frame) throws Exception {
		this.agent.send(frame.formatted(UUID.randomUUID()));
		this.agent.send(frame.formatted("not a uuid"));
		this.agent.send(frame.formatted(""));
		var response = this.caller.call(this.me);
		String id = this.agent.nextCall();
		this.agent.answer(id, "1");
		Caller.finished(response);
		this.agent.send(frame.formatted(id));
		assertCallable();
	}

	@Test
	@DisplayName("for a call of another agent | dropped, the call goes on")
	void shouldNotAnswerAnotherAgentsCall() throws Exception {
		try (TestAgent other = RawSocketAgent.connect(this.gateway, Identity.fresh())) {
			var response = this.caller.call(this.me);
			String id = this.agent.nextCall();
			other.answer(id, "\"forged\"");
			this.agent.answer(id, "\"true\"");
			assertThat(Caller.finished(response).body()).contains("\"true\"");
		}
	}

	@Test
	@DisplayName("concurrent calls | answered in any order")
	void shouldTakeAnswersInAnyOrder() throws Exception {
		Map<String, String> methods = new LinkedHashMap<>();
		var responses = new LinkedHashMap<String, CompletableFuture<HttpResponse<String>>>();
		for (int i = 0; i < 20; i++) {
			responses.put("m" + i, this.caller.call(this.me, "{\"method\":\"m" + i + "\"}"));
		}
		for (int i = 0; i < 20; i++) {
			var call = this.agent.next("call");
			methods.put(call.get("id").asString(), call.get("method").asString());
		}
		Deque<String> ids = new ArrayDeque<>(methods.keySet());
		while (!ids.isEmpty()) {
			String id = ids.removeLast();
			this.agent.answer(id, "\"" + methods.get(id) + "\"");
		}
		for (var response : responses.entrySet()) {
			assertThat(Json.parse(Caller.finished(response.getValue())).get("payload").asString())
				.isEqualTo(response.getKey());
		}
	}

	@Test
	@DisplayName("fragments, with a ping among them and a split character | one message")
	void shouldReadFragments() throws Exception {
		var response = this.caller.call(this.me);
		byte[] result = ("{\"type\":\"result\",\"id\":\"" + this.agent.nextCall() + "\",\"payload\":\"\u20ac\"}")
			.getBytes(StandardCharsets.UTF_8);
		int inTheSign = result.length - 4;
		this.agent.sendFrame(0x01, Arrays.copyOf(result, 10));
		this.agent.sendFrame(WireFrame.FIN_PING, (byte) 7);
		this.agent.sendFrame(0x00, Arrays.copyOfRange(result, 10, inTheSign));
		this.agent.sendFrame(0x00);
		this.agent.sendFrame(0x80, Arrays.copyOfRange(result, inTheSign, result.length));
		assertThat(Caller.finished(response).body()).endsWith("\"payload\":\"\u20ac\"}");
		this.agent.awaitFrame(WireFrame.FIN_PONG);
	}

	@Test
	@DisplayName("fragments of the JDK's client | one message")
	void shouldReadTheFragmentsOfADecentClient() throws Exception {
		Identity other = Identity.fresh();
		try (JdkAgent jdk = JdkAgent.connect(this.gateway, other)) {
			var response = this.caller.call(other);
			jdk.sendPart("{\"type\":\"result\",\"id\":\"", false);
			jdk.sendPart(jdk.nextCall(), false);
			jdk.sendPart("\",\"payload\":[1,", false);
			jdk.sendPart("2]}", true);
			assertThat(Caller.finished(response).body()).endsWith("\"payload\":[1,2]}");
		}
	}

	@Test
	@DisplayName("bytes one by one | one message")
	void shouldReadBytesOneByOne() throws Exception {
		byte[] pings = { (byte) 0x89, (byte) 0x81, 1, 2, 3, 4, 'a' ^ 1, (byte) 0x89, (byte) 0x80, 1, 2, 3, 4 };
		for (byte each : pings) {
			this.agent.sendBytes(new byte[] { each });
		}
		assertThat(this.agent.awaitFrame(WireFrame.FIN_PONG).text()).isEqualTo("a");
		assertThat(this.agent.awaitFrame(WireFrame.FIN_PONG).text()).isEmpty();
		assertCallable();
	}

	@Test
	@DisplayName("a pong that nobody asked for | ignored")
	void shouldIgnoreAPong() throws Exception {
		this.agent.sendFrame(WireFrame.FIN_PONG, (byte) 1, (byte) 2);
		assertCallable();
	}

	@Test
	@DisplayName("a message as big as allowed | taken")
	void shouldTakeTheBiggestMessage() throws Exception {
		var response = this.caller.call(this.me);
		String head = "{\"type\":\"result\",\"id\":\"" + this.agent.nextCall() + "\",\"payload\":\"";
		this.agent.send(head + "x".repeat(262_144 - head.length() - 2) + "\"}");
		assertThat(Caller.finished(response).statusCode()).isEqualTo(200);
	}

	@Test
	@DisplayName("payload nested 512 deep | taken, both ways")
	void shouldTakeTheDeepestPayload() throws Exception {
		String deepest = "[".repeat(512) + "]".repeat(512);
		var response = this.caller.call(this.me, "{\"method\":\"m\",\"payload\":" + deepest + "}");
		this.agent.answer(this.agent.nextCall(), deepest);
		assertThat(Caller.finished(response).body()).endsWith("\"payload\":" + deepest + "}");
	}

	private void assertCallable() throws Exception {
		var response = this.caller.call(this.me);
		this.agent.answer(this.agent.nextCall(), "\"here\"");
		assertThat(Caller.finished(response).body()).contains("\"here\"");
	}

}
