package dev.switchboard.contract;

import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;

import dev.switchboard.GatewayProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

@DisplayName("Hostile input, with a neighbour whose calls go on")
@ExtendWith(SharedGateway.class)
class HostileInputIT {

	private static GatewayProcess gateway;

	private static Neighbour neighbour;

	private static Caller caller;

	private final Identity me = Identity.fresh();

	@BeforeAll
	static void start(GatewayProcess shared) throws Exception {
		gateway = shared;
		caller = new Caller(gateway);
		neighbour = new Neighbour(gateway);
	}

	@AfterAll
	static void stop() throws Exception {
		neighbour.close();
	}

	@AfterEach
	void assertUndisturbed() {
		neighbour.assertUndisturbed();
	}

	@ParameterizedTest(name = "{0}")
	@ValueSource(strings = { "no JSON", "{\"method\":\"m\",\"payload\":1},\"id\":\"x\",\"x\":{\"y\":1}}",
			"{\"method\":\"m\",\"payload\":{}}}", "{\"method\":\"m\",\"payload\":1}{\"type\":\"cancel\"}",
			"{\"method\":\"m\",\"payload\":[}]}", "{\"method\":7,\"payload\":1}",
			"{\"method\":\"m\",\"method\":\"n\",\"payload\":1}", "{\"method\":\"m\",\"payload\":\"a\u0000b\"}",
			"{\"method\":\"m\",\"payload\":\"a\nb\"}", "{\"method\":\"m\",\"payload\":" })
	@DisplayName("a caller's body | 400, and nothing to the agent")
	void shouldRefuseBodies(String body) throws Exception {
		try (TestAgent agent = RawSocketAgent.connect(gateway, this.me)) {
			Problem.invalidRequest().in(caller.callAndWait(this.me, body));
			caller.assertQuiet(this.me, agent);
		}
	}

	@Test
	@DisplayName("a caller's body that is not UTF-8 | 400, and nothing to the agent")
	void shouldRefuseABodyThatIsNotUtf8() throws Exception {
		try (TestAgent agent = RawSocketAgent.connect(gateway, this.me)) {
			for (String payload : List.of("\u00e9", "\u00c0\u00af", "\u00ed\u00a0\u0080")) {
				byte[] body = ("{\"method\":\"m\",\"payload\":\"" + payload + "\"}")
					.getBytes(StandardCharsets.ISO_8859_1);
				Problem.invalidRequest().in(RawHttp.post(gateway.apiPort(), this.me.calls(), body));
			}
			caller.assertQuiet(this.me, agent);
		}
	}

	@Test
	@DisplayName("a method that tries to break out | a method and nothing else")
	void shouldKeepTheMethodInItsPlace() throws Exception {
		try (TestAgent agent = RawSocketAgent.connect(gateway, this.me)) {
			String method = "x\\\",\\\"payload\\\":1,\\\"type\\\":\\\"cancel\\\"}\\u0000\\ud800";
			var response = caller.call(this.me, "{\"method\":\"" + method + "\",\"payload\":5}");
			String frame = agent.next();
			assertThat(frame).startsWith("{\"type\":\"call\",").endsWith(",\"payload\":5}");
			agent.answer(Json.parse(frame).get("id").asString(), "1");
			assertThat(Caller.finished(response).statusCode()).isEqualTo(200);
		}
	}

	@ParameterizedTest(name = "{0}")
	@ValueSource(strings = { "{\"type\":\"result\",\"id\":\"%s\",\"payload\":1},\"outcome\":\"x\"}",
			"{\"type\":\"result\",\"id\":\"%s\",\"payload\":1}}", "{\"type\":\"result\",\"id\":\"%s\",\"payload\":[}]}",
			"{\"type\":\"result\",\"id\":\"%s\",\"payload\":1}{}",
			"{\"type\":\"result\",\"id\":\"%1$s\",\"id\":\"%1$s\",\"payload\":1}",
			"{\"type\":\"result\",\"id\":\"%s\",\"payload\":\"a\u0000b\"}" })
	@DisplayName("an agent's message that names its call | the call fails, and only that")
	void shouldFailTheCallOfAMessage(String message) throws Exception {
		try (TestAgent agent = RawSocketAgent.connect(gateway, this.me)) {
			var response = caller.call(this.me);
			agent.send(message.formatted(agent.nextCall()));
			new Problem("bad-answer", 502, "unknown").in(Caller.finished(response));
			caller.assertQuiet(this.me, agent);
		}
	}

	@ParameterizedTest(name = "{0}")
	@ValueSource(strings = { "no JSON", "{\"type\":\"result\",\"id\":{\"a\":\"%s\"},\"payload\":1}" })
	@DisplayName("an agent's message | 4503, and its call fails")
	void shouldCloseOnMessages(String message) throws Exception {
		try (TestAgent agent = RawSocketAgent.connect(gateway, this.me)) {
			var response = caller.call(this.me);
			agent.send(message.formatted(agent.nextCall()));
			Problem.agentDisconnected().in(Caller.finished(response));
			assertThat(agent.awaitClose()).isEqualTo(4503);
		}
	}

	@ParameterizedTest(name = "{0}")
	@ValueSource(
			strings = { "\\u0000", "\\\"}", "../../x", "\\ud800", "\u00e9", "6f9619ff-8b86-4d01-b42d-00cf4fc964fg" })
	@DisplayName("an agent's ids out of the alphabet | dropped")
	void shouldDropStrangeIds(String id) throws Exception {
		try (TestAgent agent = RawSocketAgent.connect(gateway, this.me)) {
			agent.answer(id, "1");
			agent.chunk("x".repeat(100_000), "1");
			caller.assertQuiet(this.me, agent);
		}
	}

	@Test
	@DisplayName("an agent's error text that tries to break out | a string in the answer")
	void shouldKeepTheErrorInItsPlace() throws Exception {
		try (TestAgent agent = RawSocketAgent.connect(gateway, this.me)) {
			var response = caller.call(this.me);
			agent.send("{\"type\":\"error\",\"id\":\"" + agent.nextCall()
					+ "\",\"code\":\"\\\"},\\\"outcome\\\":\\\"completed\\\"\",\"message\":\"\\u0000\\n\\ud800\"}");
			assertThat(Json.parse(Caller.finished(response)).get("outcome").asString()).isEqualTo("rejected");
		}
	}

	@ParameterizedTest(name = "{0}")
	@ValueSource(strings = { "GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n",
			"\u0000\u0001\u0002\r\n\r\n", "GET /v1/nodes HTTP/9.9\r\nHost: localhost\r\n\r\n",
			"GET /v1/%zz HTTP/1.1\r\nHost: localhost\r\n\r\n",
			"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n{}",
			"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n{}",
			"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n" })
	@DisplayName("what is no HTTP | 4xx or the end, on every port")
	void shouldRefuseWhatIsNoHttp(String request) throws Exception {
		for (int port : List.of(gateway.apiPort(), gateway.agentPort(), gateway.managementPort())) {
			try (RawHttp http = RawHttp.open(port)) {
				http.write(request.getBytes(StandardCharsets.UTF_8));
				http.socket().shutdownOutput();
				String answer = new String(http.in().readAllBytes(), StandardCharsets.UTF_8);
				assertThat(answer).doesNotStartWith("HTTP/1.1 5").doesNotStartWith("HTTP/1.1 2");
			}
			catch (SocketException ex) {
				assertThat(ex).hasMessageContaining("reset");
			}
		}
	}

	@ParameterizedTest(name = "{0}")
	@ValueSource(strings = { "f\r\n{\"method\":\"m\"}", "f\r\n{\"method\":\"m\"}\r\nzz\r\n" })
	@DisplayName("a call's body that breaks off | nothing gets to the agent")
	void shouldNotRunWhatBreaksOff(String body) throws Exception {
		try (TestAgent agent = RawSocketAgent.connect(gateway, this.me)) {
			for (String to : List.of(this.me.calls(), this.me.pushes())) {
				RawHttp http = RawHttp.open(gateway.apiPort());
				http.head("POST " + to, "Host: localhost", "Content-Type: application/json",
						"Transfer-Encoding: chunked");
				http.write(body.getBytes(StandardCharsets.UTF_8));
				http.socket().shutdownOutput();
				assertThat(http.in().readAllBytes()).asString()
					.doesNotStartWith("HTTP/1.1 2")
					.doesNotStartWith("HTTP/1.1 5");
				http.close();
			}
			caller.assertQuiet(this.me, agent);
		}
	}

}
