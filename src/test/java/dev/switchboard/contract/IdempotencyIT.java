package dev.switchboard.contract;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

import dev.switchboard.GatewayProcess;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

@DisplayName("Idempotency-Key")
@ExtendWith(SharedGateway.class)
class IdempotencyIT {

	private static final String KEY = "k: 1 ~!\"";

	private final GatewayProcess gateway;

	private final Caller caller;

	private final Identity me = Identity.fresh();

	private TestAgent agent;

	IdempotencyIT(GatewayProcess gateway) {
		this.gateway = gateway;
		this.caller = new Caller(gateway);
	}

	@BeforeEach
	void connect() throws Exception {
		this.agent = RawSocketAgent.connect(this.gateway, this.me);
	}

	@AfterEach
	void leave() throws Exception {
		this.agent.close();
	}

	@Test
	@DisplayName("the same key after the end | its outcome, and no second run")
	void shouldGiveTheOutcomeAgain() throws Exception {
		var first = keyed(KEY);
		this.agent.answer(this.agent.nextCall(), "{\"x\" : 0.10}");
		HttpResponse<String> again = Caller.finished(keyed(KEY));
		assertThat(again.statusCode()).isEqualTo(200);
		assertThat(again.body()).isEqualTo(Caller.finished(first).body());
		this.caller.assertQuiet(this.me, this.agent);
	}

	@Test
	@DisplayName("the same key after a rejection | the rejection again")
	void shouldGiveARejectionAgain() throws Exception {
		var first = keyed(KEY);
		this.agent
			.send("{\"type\":\"error\",\"id\":\"" + this.agent.nextCall() + "\",\"code\":\"c\",\"message\":\"m\"}");
		assertThat(Json.parse(Caller.finished(first)).get("outcome").asString()).isEqualTo("rejected");
		assertThat(Json.parse(Caller.finished(keyed(KEY)))).isEqualTo(Json.parse(Caller.finished(first)));
		this.caller.assertQuiet(this.me, this.agent);
	}

	@Test
	@DisplayName("the same key while it runs | joins it")
	void shouldJoinTheRunningCall() throws Exception {
		var first = keyed(KEY);
		String id = this.agent.nextCall();
		var second = keyed(KEY);
		this.caller.assertQuiet(this.me, this.agent);
		this.agent.answer(id, "1");
		assertThat(Json.parse(Caller.finished(first)).get("id").asString()).isEqualTo(id);
		assertThat(Json.parse(Caller.finished(second))).isEqualTo(Json.parse(Caller.finished(first)));
	}

	@Test
	@DisplayName("ten callers at once with one key | one run")
	void shouldRunOnceForCallersAtOnce() throws Exception {
		@SuppressWarnings({ "unchecked", "rawtypes" })
		CompletableFuture<HttpResponse<String>>[] calls = new CompletableFuture[10];
		for (int i = 0; i < calls.length; i++) {
			calls[i] = keyed(KEY);
		}
		String id = this.agent.nextCall();
		this.caller.assertQuiet(this.me, this.agent);
		this.agent.answer(id, "1");
		for (var call : calls) {
			assertThat(Json.parse(Caller.finished(call)).get("id").asString()).isEqualTo(id);
		}
	}

	@Test
	@DisplayName("the same key with respond-async | the running call's resource")
	void shouldJoinAsynchronously() throws Exception {
		var first = keyed(KEY);
		String id = this.agent.nextCall();
		HttpResponse<String> second = this.caller.callAndWait(this.me, Caller.BODY, "Idempotency-Key", KEY, "Prefer",
				"respond-async");
		assertThat(second.statusCode()).isEqualTo(202);
		assertThat(Json.parse(second).get("id").asString()).isEqualTo(id);
		assertThat(this.caller.callResource(this.me, id).get("outcome").asString()).isEqualTo("pending");
		this.agent.answer(id, "1");
		Caller.finished(first);
		assertThat(this.caller.callResource(this.me, id)).isEqualTo(Json.parse(Caller.finished(first)));
	}

	@ParameterizedTest(name = "{0}")
	@ValueSource(strings = { "{\"method\":\"m\",\"payload\":{\"a\":2}}", "{\"method\":\"m\",\"payload\":{\"a\": 1}}",
			"{\"payload\":{\"a\":1},\"method\":\"m\"}" })
	@DisplayName("problem idempotency-mismatch (by bytes) | 422 | not_sent, while it runs and after")
	void shouldRefuseAnotherBody(String body) throws Exception {
		Problem mismatch = new Problem("idempotency-mismatch", 422, "not_sent");
		var first = keyed(KEY);
		String id = this.agent.nextCall();
		mismatch.in(this.caller.callAndWait(this.me, body, "Idempotency-Key", KEY));
		this.agent.answer(id, "1");
		Caller.finished(first);
		mismatch.in(this.caller.callAndWait(this.me, body, "Idempotency-Key", KEY));
		this.caller.assertQuiet(this.me, this.agent);
	}

	@Test
	@DisplayName("not_sent | frees the key, for another body too")
	void shouldFreeTheKeyOfWhatWasNotSent() throws Exception {
		this.agent.close();
		this.caller.awaitOffline(this.me);
		Problem.agentOffline().in(Caller.finished(keyed(KEY)));
		this.agent = RawSocketAgent.connect(this.gateway, this.me);
		var response = this.caller.call(this.me, "{\"method\":\"other\"}", "Idempotency-Key", KEY);
		JsonNode call = this.agent.next("call");
		assertThat(call.get("method").asString()).isEqualTo("other");
		this.agent.answer(call.get("id").asString(), "1");
		assertThat(Caller.finished(response).statusCode()).isEqualTo(200);
	}

	@Test
	@DisplayName("unknown | stays unknown, never a second run")
	void shouldNotRunAgainWhatMayHaveRun() throws Exception {
		var first = keyed(KEY);
		String id = this.agent.nextCall();
		this.agent.die();
		Problem.agentDisconnected().in(Caller.finished(first));
		this.caller.awaitOffline(this.me);
		this.agent = RawSocketAgent.connect(this.gateway, this.me);
		JsonNode again = Problem.agentDisconnected().in(Caller.finished(keyed(KEY)));
		assertThat(again.get("callId").asString()).isEqualTo(id);
		this.caller.assertQuiet(this.me, this.agent);
	}

	@Test
	@DisplayName("a caller that hangs up | does not cancel; the outcome can be had later")
	void shouldNotCancelWhenTheCallerHangsUp() throws Exception {
		String id;
		try (RawHttp http = RawHttp.open(this.gateway.apiPort())) {
			http.post(this.me.calls(), Caller.BODY.getBytes(StandardCharsets.UTF_8), "Idempotency-Key: " + KEY);
			id = this.agent.nextCall();
			http.reset();
		}
		this.caller.assertQuiet(this.me, this.agent);
		this.agent.answer(id, "\"done\"");
		HttpResponse<String> later = Caller.finished(keyed(KEY));
		assertThat(Json.parse(later).get("id").asString()).isEqualTo(id);
		assertThat(later.body()).contains("\"done\"");
		assertThat(this.caller.callResource(this.me, id)).isEqualTo(Json.parse(later));
	}

	@Test
	@DisplayName("the deadline | passes for a call with a key, too")
	void shouldKeepToTheDeadline() throws Exception {
		var response = this.caller.call(this.me, Caller.BODY, "Idempotency-Key", KEY, "Prefer", "wait=1");
		String id = this.agent.nextCall();
		Problem.deadlineExceeded().in(Caller.finished(response));
		assertThat(this.agent.next("cancel").get("id").asString()).isEqualTo(id);
		Problem.deadlineExceeded().in(Caller.finished(keyed(KEY)));
		this.caller.assertQuiet(this.me, this.agent);
	}

	@Test
	@DisplayName("scope | another agent's call with the same key is another call")
	void shouldScopeTheKeyToTheAgent() throws Exception {
		Identity sibling = new Identity(this.me.tenant(), "sibling");
		Identity stranger = new Identity(Identity.fresh().tenant(), this.me.agent());
		var mine = keyed(KEY);
		this.agent.answer(this.agent.nextCall(), "\"mine\"");
		assertThat(Caller.finished(mine).body()).contains("\"mine\"");
		for (Identity other : new Identity[] { sibling, stranger }) {
			try (TestAgent another = JdkAgent.connect(this.gateway, other)) {
				var theirs = this.caller.call(other, "{\"method\":\"other\"}", "Idempotency-Key", KEY);
				another.answer(another.nextCall(), "\"theirs\"");
				assertThat(Caller.finished(theirs).body()).contains("\"theirs\"");
			}
		}
	}

	@Test
	@DisplayName("other keys, of other case too | other calls")
	void shouldRunForEachKey() throws Exception {
		for (String key : new String[] { "a", "A", "x".repeat(255) }) {
			var response = keyed(key);
			this.agent.answer(this.agent.nextCall(), "1");
			assertThat(Caller.finished(response).statusCode()).isEqualTo(200);
		}
	}

	@Test
	@DisplayName("a key of no or of 256 characters | 400")
	void shouldRefuseAKeyOfTheWrongLength() throws Exception {
		Problem.invalidRequest().in(Caller.finished(keyed("")));
		Problem.invalidRequest().in(Caller.finished(keyed("x".repeat(256))));
		this.caller.assertQuiet(this.me, this.agent);
	}

	@ParameterizedTest(name = "{0}")
	@ValueSource(strings = { "\u00e9", "a\tb", "\u20ac" })
	@DisplayName("a key that is not printable ASCII | 400")
	void shouldRefuseAKeyThatIsNotPrintable(String key) throws Exception {
		RawResponse response = RawHttp.post(this.gateway.apiPort(), this.me.calls(),
				Caller.BODY.getBytes(StandardCharsets.UTF_8), "Idempotency-Key: " + key);
		Problem.invalidRequest().in(response);
		this.caller.assertQuiet(this.me, this.agent);
	}

	private CompletableFuture<HttpResponse<String>> keyed(String key) {
		return this.caller.call(this.me, Caller.BODY, "Idempotency-Key", key);
	}

}
