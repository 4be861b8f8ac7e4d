package dev.switchboard.contract;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.switchboard.GatewayProcess;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** Messages in which ' stands for a quote, and ID for the id of a call. */
@DisplayName("bad-answer: what is wrong with a message costs as little as it can")
@ExtendWith(SharedGateway.class)
class BadAnswersIT {

	private static final Problem BAD_ANSWER = new Problem("bad-answer", 502, "unknown");

	private final GatewayProcess gateway;

	private final Caller caller;

	private final Identity me = Identity.fresh();

	BadAnswersIT(GatewayProcess gateway) {
		this.gateway = gateway;
		this.caller = new Caller(gateway);
	}

	@ParameterizedTest(name = "{0}")
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			{'type':'result','id':ID,'payload':NaN}                     | malformed JSON at byte
			{'payload':'\u0001','type':'result','id':ID}                | malformed JSON at byte 12
			{'type':'result','id':ID,'payload':1}}                      | malformed JSON at byte
			{'type':'result','id':ID,'payload':1,'payload':1}           | result.payload is there twice
			{'type':'result','id':ID,'id':ID,'payload':1}               | result.id is there twice
			{'type':'error','id':ID,'code':5,'message':'m'}             | error.code must be a string
			{'type':'error','id':ID,'message':'m'}                      | error.code missing
			{'type':'error','id':ID,'code':'c','message':{}}            | error.message must be a string
			{'type':'chunk','id':ID,'payload':tru}                      | malformed JSON at byte
			""")
	@DisplayName("a faulty answer to one of five calls | bad-answer, 502, unknown; the others are answered")
	void shouldEndTheCallThatTheAnswerNames(String message, String fault) throws Exception {
		try (RawSocketAgent agent = connect()) {
			List<CompletableFuture<HttpResponse<String>>> calls = calls(5);
			List<String> ids = ids(agent, 5);
			agent.send(text(message, ids.getFirst()));
			JsonNode problem = BAD_ANSWER.in(Caller.finished(any(calls)));
			assertThat(problem.get("callId").asString()).isEqualTo(ids.getFirst());
			assertThat(problem.get("detail").asString()).startsWith("The agent's answer broke the protocol: " + fault);
			for (String id : ids.subList(1, 5)) {
				agent.answer(id, "1");
			}
			CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new)).get(15, TimeUnit.SECONDS);
			assertThat(calls.stream().map(CompletableFuture::join).filter((each) -> each.statusCode() == 200))
				.hasSize(4);
		}
	}

	@Test
	@DisplayName("a result over the frame limit | result-too-large for its call; the connection stays")
	void shouldEndTheCallWhoseResultIsTooLarge() throws Exception {
		try (RawSocketAgent agent = connect()) {
			var first = this.caller.call(this.me);
			String id = agent.nextCall();
			var second = this.caller.call(this.me);
			String other = agent.nextCall();
			agent.answer(id, "\"" + "x".repeat(3_000_000) + "\"");
			JsonNode problem = new Problem("result-too-large", 502, "unknown").in(Caller.finished(first));
			assertThat(problem.get("detail").asString()).endsWith("message over 262144 bytes");
			agent.answer(other, "2");
			assertThat(Caller.finished(second).body()).contains("\"payload\":2");
		}
	}

	@Test
	@DisplayName("no payload | null; no message | empty")
	void shouldTakeWhatIsMissingForNullOrEmpty() throws Exception {
		try (RawSocketAgent agent = connect()) {
			var first = this.caller.call(this.me);
			agent.send(text("{'type':'result','id':ID}", agent.nextCall()));
			assertThat(Caller.finished(first).body()).contains("\"outcome\":\"completed\",\"payload\":null");
			var second = this.caller.call(this.me);
			agent.send(text("{'type':'error','id':ID,'code':'c'}", agent.nextCall()));
			assertThat(Caller.finished(second).body()).contains("\"error\":{\"code\":\"c\",\"message\":\"\"}");
		}
	}

	@ParameterizedTest(name = "{0}")
	@ValueSource(strings = { "{'type':'hello','labels':{'os':1,'zone':'a'}}", "{'type':'hello','labels':[]}",
			"{'type':'hello','agentVersion':null}", "{'type':'hello','labels':{'a':NaN}}",
			"{'type':'result','id':ID,'payload':NaN}" })
	@DisplayName("what is unusable in a hello, or about a call that does not wait | the connection stays")
	void shouldStay(String message) throws Exception {
		try (RawSocketAgent agent = connect()) {
			agent.send(text(message, "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"));
			this.caller.assertQuiet(this.me, agent);
		}
	}

	@Test
	@DisplayName("an event that is not JSON | event-error invalid; the connection stays")
	void shouldRefuseAnEventThatIsNotJson() throws Exception {
		try (RawSocketAgent agent = connect()) {
			agent.send("{\"type\":\"event\",\"id\":\"e\",\"subject\":\"s\",\"payload\":NaN}");
			JsonNode error = agent.next("event-error");
			assertThat(error.get("id").asString()).isEqualTo("e");
			assertThat(error.get("code").asString()).isEqualTo("invalid");
			assertThat(error.get("message").asString()).startsWith("malformed JSON at byte");
			this.caller.assertQuiet(this.me, agent);
		}
	}

	@ParameterizedTest(name = "{0}")
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			{'type':'result','payload':1}            | result.id missing
			{'id':ID,'payload':1}                    | type missing
			{'type':'result','payload':nil,'id       | malformed JSON at byte 28: expected 'u'
			""")
	@DisplayName("a close | says what was wrong; so does the problem of each call")
	void shouldSayWhyItCloses(String message, String fault) throws Exception {
		try (RawSocketAgent agent = connect()) {
			var response = this.caller.call(this.me);
			agent.send(text(message, agent.nextCall()));
			WireFrame close = agent.awaitFrame(WireFrame.FIN_CLOSE);
			assertThat(close.closeCode()).isEqualTo(4503);
			assertThat(close.closeReason()).isEqualTo(fault);
			JsonNode problem = Problem.agentDisconnected().in(Caller.finished(response));
			assertThat(problem.get("detail").asString()).endsWith(": " + fault);
		}
	}

	@Test
	@DisplayName("a message of 1,025 fragments | 4503, and says so")
	void shouldTakeNoMoreThan1024Fragments() throws Exception {
		try (RawSocketAgent agent = connect()) {
			agent.sendFrame(0x01, (byte) ' ');
			for (int i = 0; i < 1022; i++) {
				agent.sendFrame(0x00, (byte) ' ');
			}
			agent.sendFrame(0x80, "{\"type\":\"hello\"}".getBytes(StandardCharsets.UTF_8));
			this.caller.assertQuiet(this.me, agent);
			agent.sendFrame(0x01);
			for (int i = 0; i < 1024; i++) {
				agent.sendFrame(0x00);
			}
			WireFrame close = agent.awaitFrame(WireFrame.FIN_CLOSE);
			assertThat(close.closeCode()).isEqualTo(4503);
			assertThat(close.closeReason()).isEqualTo("message of more than 1024 fragments");
		}
	}

	@Test
	@DisplayName("a ping right behind the handshake | welcome first, then the pong")
	void shouldSendNothingBeforeTheWelcome() throws Exception {
		try (RawHttp http = RawHttp.open(this.gateway.agentPort())) {
			http.write(RawSocketAgent.concat(RawSocketAgent.handshakeBytes(this.me),
					RawSocketAgent.frame(WireFrame.FIN_PING, (byte) 7)));
			assertThat(http.readResponse().status()).isEqualTo(101);
			RawSocketAgent agent = RawSocketAgent.upgraded(http); // reads the welcome
			WireFrame pong = agent.pollFrame(Duration.ofSeconds(15));
			assertThat(pong).isNotNull().returns(WireFrame.FIN_PONG, WireFrame::head);
		}
	}

	private List<CompletableFuture<HttpResponse<String>>> calls(int count) {
		List<CompletableFuture<HttpResponse<String>>> calls = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			calls.add(this.caller.call(this.me));
		}
		return calls;
	}

	private static List<String> ids(RawSocketAgent agent, int count) throws Exception {
		List<String> ids = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			ids.add(agent.nextCall());
		}
		return ids;
	}

	private static CompletableFuture<HttpResponse<String>> any(List<CompletableFuture<HttpResponse<String>>> calls) {
		CompletableFuture<HttpResponse<String>> first = new CompletableFuture<>();
		calls.forEach((call) -> call.thenAccept(first::complete));
		return first;
	}

	private static String text(String message, String id) {
		return message.replace("ID", "'" + id + "'").replace('\'', '"');
	}

	private RawSocketAgent connect() throws Exception {
		return RawSocketAgent.connect(this.gateway, this.me);
	}

}
