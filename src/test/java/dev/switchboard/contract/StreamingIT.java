package dev.switchboard.contract;

import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import dev.switchboard.GatewayProcess;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

@DisplayName("Streamed calls")
@ExtendWith(SharedGateway.class)
class StreamingIT {

	private static final String NDJSON = "application/x-ndjson";

	private static final String SSE = "text/event-stream";

	private final GatewayProcess gateway;

	private final Caller caller;

	private final Identity me = Identity.fresh();

	StreamingIT(GatewayProcess gateway) {
		this.gateway = gateway;
		this.caller = new Caller(gateway);
	}

	@ParameterizedTest(name = "agent {0}")
	@EnumSource(TestAgent.Kind.class)
	@DisplayName("Accept: application/x-ndjson | a line for each chunk as it comes, last the result")
	void shouldStreamLines(TestAgent.Kind kind) throws Exception {
		try (TestAgent agent = kind.connect(this.gateway, this.me)) {
			var response = stream(NDJSON);
			String id = agent.nextCall();
			agent.chunk(id, "1");
			HttpResponse<Stream<String>> started = begun(response, NDJSON);
			Iterator<String> lines = started.body().iterator();
			assertThat(lines.next()).isEqualTo("{\"chunk\":1}");
			agent.chunk(id, "{\"x\" : 0.10}");
			assertThat(lines.next()).isEqualTo("{\"chunk\":{\"x\" : 0.10}}");
			agent.answer(id, "\"end\"");
			assertThat(Json.parse(lines.next()))
				.isEqualTo(Json.parse("{\"id\":\"" + id + "\",\"outcome\":\"completed\",\"payload\":\"end\"}"));
			assertThat(lines.hasNext()).isFalse();
		}
	}

	@ParameterizedTest(name = "agent {0}")
	@EnumSource(TestAgent.Kind.class)
	@DisplayName("Accept: text/event-stream | a data: for each chunk as it comes, last the result")
	void shouldStreamEvents(TestAgent.Kind kind) throws Exception {
		try (TestAgent agent = kind.connect(this.gateway, this.me)) {
			var response = stream(SSE);
			String id = agent.nextCall();
			agent.chunk(id, "1");
			Iterator<String> lines = begun(response, SSE).body().iterator();
			assertThat(lines.next()).matches("data: ?\\{\"chunk\":1}");
			assertThat(lines.next()).isEmpty();
			agent.answer(id, "2");
			assertThat(lines.next())
				.matches("data: ?\\{\"id\":\"" + id + "\",\"outcome\":\"completed\",\"payload\":2}");
			assertThat(lines.next()).isEmpty();
			assertThat(lines.hasNext()).isFalse();
		}
	}

	@ParameterizedTest(name = "{0}")
	@ValueSource(strings = { NDJSON, SSE })
	@DisplayName("line breaks in a payload | spaces, in chunks and in the result")
	void shouldTurnLineBreaksIntoSpaces(String accept) throws Exception {
		try (TestAgent agent = RawSocketAgent.connect(this.gateway, this.me)) {
			var response = stream(accept);
			String id = agent.nextCall();
			agent.chunk(id, "{\"a\":\n1,\r\n\"b\":\r\"c\\n\u2028\"}");
			agent.answer(id, "[\n1\r]");
			var lines = begun(response, accept).body().filter((line) -> !line.isEmpty()).toList();
			assertThat(lines).hasSize(2);
			assertThat(lines.get(0)).endsWith("{\"chunk\":{\"a\": 1,  \"b\": \"c\\n\u2028\"}}");
			assertThat(lines.get(1)).endsWith("\"payload\":[ 1 ]}");
		}
	}

	@ParameterizedTest(name = "{0}")
	@ValueSource(strings = { NDJSON, SSE })
	@DisplayName("an error at the end | last the rejected object")
	void shouldEndWithTheAgentsError(String accept) throws Exception {
		try (TestAgent agent = RawSocketAgent.connect(this.gateway, this.me)) {
			var response = stream(accept);
			String id = agent.nextCall();
			agent.chunk(id, "1");
			agent.send("{\"type\":\"error\",\"id\":\"" + id + "\",\"code\":\"c\",\"message\":\"m\"}");
			assertThat(last(begun(response, accept))).isEqualTo(Json.parse(
					"{\"id\":\"" + id + "\",\"outcome\":\"rejected\",\"error\":{\"code\":\"c\",\"message\":\"m\"}}"));
		}
	}

	@ParameterizedTest(name = "{0}")
	@ValueSource(strings = { NDJSON, SSE })
	@DisplayName("the agent goes amid chunks | last the problem")
	void shouldEndWithTheProblem(String accept) throws Exception {
		try (TestAgent agent = RawSocketAgent.connect(this.gateway, this.me)) {
			var response = stream(accept);
			String id = agent.nextCall();
			agent.chunk(id, "1");
			HttpResponse<Stream<String>> started = begun(response, accept);
			agent.die();
			assertThat(Problem.agentDisconnected().in(last(started)).get("callId").asString()).isEqualTo(id);
		}
	}

	@ParameterizedTest(name = "{0}")
	@ValueSource(strings = { NDJSON, SSE })
	@DisplayName("a faulty chunk amid chunks | last the problem, and cancel")
	void shouldEndWithABadAnswer(String accept) throws Exception {
		try (TestAgent agent = RawSocketAgent.connect(this.gateway, this.me)) {
			var response = stream(accept);
			String id = agent.nextCall();
			agent.chunk(id, "1");
			agent.chunk(id, "NaN");
			new Problem("bad-answer", 502, "unknown").in(last(begun(response, accept)));
			assertThat(agent.next("cancel").get("id").asString()).isEqualTo(id);
		}
	}

	@Test
	@DisplayName("the deadline passes amid chunks | last the problem, and cancel")
	void shouldEndWithTheDeadline() throws Exception {
		try (TestAgent agent = RawSocketAgent.connect(this.gateway, this.me)) {
			var response = this.caller.call(this.me, BodyHandlers.ofLines(), "Accept", NDJSON, "Prefer", "wait=1");
			String id = agent.nextCall();
			agent.chunk(id, "1");
			Problem.deadlineExceeded().in(last(begun(response, NDJSON)));
			assertThat(agent.next("cancel").get("id").asString()).isEqualTo(id);
		}
	}

	@ParameterizedTest(name = "{0}")
	@ValueSource(strings = { NDJSON, SSE })
	@DisplayName("a failure before the stream began | a problem with its status")
	void shouldFailWithAStatusBeforeTheStreamBegan(String accept) throws Exception {
		Problem.agentUnknown().in(this.caller.callAndWait(this.me, Caller.BODY, "Accept", accept));
		Problem.invalidRequest().in(this.caller.callAndWait(this.me, "{}", "Accept", accept));
	}

	@ParameterizedTest(name = "{0}")
	@ValueSource(strings = { NDJSON, SSE })
	@DisplayName("no chunk at all | the result alone")
	void shouldStreamTheResultAlone(String accept) throws Exception {
		try (TestAgent agent = RawSocketAgent.connect(this.gateway, this.me)) {
			var response = stream(accept);
			agent.answer(agent.nextCall(), "9");
			assertThat(last(begun(response, accept)).get("payload").asInt()).isEqualTo(9);
		}
	}

	@ParameterizedTest(name = "{0}")
	@ValueSource(strings = { "application/json", "*/*" })
	@DisplayName("no stream asked for | chunks are dropped")
	void shouldDropChunks(String accept) throws Exception {
		try (TestAgent agent = RawSocketAgent.connect(this.gateway, this.me)) {
			var response = this.caller.call(this.me, Caller.BODY, "Accept", accept);
			String id = agent.nextCall();
			agent.chunk(id, "1");
			agent.answer(id, "2");
			assertThat(Json.parse(Caller.finished(response)))
				.isEqualTo(Json.parse("{\"id\":\"" + id + "\",\"outcome\":\"completed\",\"payload\":2}"));
		}
	}

	@Test
	@DisplayName("many chunks | all, in order")
	void shouldKeepTheOrder() throws Exception {
		try (TestAgent agent = RawSocketAgent.connect(this.gateway, this.me)) {
			var response = stream(NDJSON);
			String id = agent.nextCall();
			for (int i = 0; i < 2000; i++) {
				agent.chunk(id, Integer.toString(i));
			}
			agent.answer(id, "null");
			var lines = begun(response, NDJSON).body().toList();
			assertThat(lines).hasSize(2001);
			for (int i = 0; i < 2000; i++) {
				assertThat(lines.get(i)).isEqualTo("{\"chunk\":" + i + "}");
			}
		}
	}

	@Test
	@DisplayName("a caller that hangs up amid chunks | cancel")
	void shouldCancelWhenTheCallerHangsUp() throws Exception {
		try (TestAgent agent = RawSocketAgent.connect(this.gateway, this.me)) {
			var response = stream(NDJSON);
			String id = agent.nextCall();
			agent.chunk(id, "1");
			begun(response, NDJSON).body().close();
			assertThat(agent.next("cancel").get("id").asString()).isEqualTo(id);
		}
	}

	@Test
	@DisplayName("a caller that reads too slowly | cancel; the agent's connection lives")
	void shouldEndTheCallOfASlowCaller() throws Exception {
		String big = "\"" + "x".repeat(200_000) + "\"";
		try (TestAgent agent = JdkAgent.connect(this.gateway, this.me);
				RawHttp slow = RawHttp.openNarrow(this.gateway.apiPort())) {
			slow.post(this.me.calls(), Caller.BODY.getBytes(StandardCharsets.UTF_8), "Accept: " + NDJSON,
					"Prefer: wait=60");
			String id = agent.nextCall();
			String cancel = null;
			for (int sent = 0; sent < 200 && cancel == null; sent++) {
				agent.chunk(id, big);
				cancel = agent.poll(Duration.ofMillis(5));
			}
			assertThat(cancel).isEqualTo("{\"type\":\"cancel\",\"id\":\"" + id + "\"}");
			var next = this.caller.call(this.me);
			agent.answer(agent.nextCall(), "\"alive\"");
			assertThat(Caller.finished(next).body()).contains("\"alive\"");
		}
	}

	private CompletableFuture<HttpResponse<Stream<String>>> stream(String accept) {
		return this.caller.call(this.me, BodyHandlers.ofLines(), "Accept", accept);
	}

	private static HttpResponse<Stream<String>> begun(CompletableFuture<HttpResponse<Stream<String>>> response,
			String mediaType) throws Exception {
		HttpResponse<Stream<String>> started = response.get(15, TimeUnit.SECONDS);
		assertThat(started.statusCode()).isEqualTo(200);
		assertThat(started.headers().firstValue("Content-Type").orElse("")).startsWith(mediaType);
		return started;
	}

	private static JsonNode last(HttpResponse<Stream<String>> response) {
		String line = response.body().filter((each) -> !each.isEmpty()).reduce("", (_, later) -> later);
		return Json.parse(line.startsWith("data:") ? line.substring("data:".length()) : line);
	}

}
