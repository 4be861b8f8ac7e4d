package dev.switchboard.contract;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import dev.switchboard.GatewayProcess;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

@DisplayName("Durable pushes")
@ExtendWith(SharedGateway.class)
class DurablePushesIT {

	private static final Duration QUIET = Duration.ofMillis(300);

	private final GatewayProcess gateway;

	private final Caller caller;

	private final Identity me = Identity.fresh();

	DurablePushesIT(GatewayProcess gateway) {
		this.gateway = gateway;
		this.caller = new Caller(gateway);
	}

	/** The agent is known and offline. */
	@BeforeEach
	void beSeen() throws Exception {
		connect().close();
		this.caller.awaitOffline(this.me);
	}

	private RawSocketAgent connect() throws Exception {
		return RawSocketAgent.connect(this.gateway, this.me);
	}

	private HttpResponse<String> post(String members, String... headers) throws Exception {
		String body = "{\"method\":\"m\",\"durable\":true" + members + "}";
		List<String> all = new ArrayList<>(List.of(headers));
		all.addAll(List.of("Content-Type", "application/json"));
		return this.caller.postBytes(this.me.pushes(), body.getBytes(UTF_8), all.toArray(String[]::new));
	}

	private String queued(String members, String... headers) throws Exception {
		HttpResponse<String> response = post(members, headers);
		assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
		String id = Json.parse(response).get("id").asString();
		assertThat(Json.parse(response)).isEqualTo(Json.parse("{\"id\":\"" + id + "\",\"outcome\":\"queued\"}"));
		assertThat(response.headers().firstValue("Location")).hasValue(resource(id));
		return id;
	}

	private List<String> queuedAll(int count) throws Exception {
		List<String> ids = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			ids.add(queued(",\"payload\":" + i));
		}
		return ids;
	}

	private String resource(String id) {
		return "/v1/tenants/" + this.me.tenant() + "/pushes/" + id;
	}

	private JsonNode shown(String id) throws Exception {
		return Json.parse(this.caller.get(resource(id)));
	}

	private void awaitOutcome(String id, String outcome) {
		Awaitility.await().until(() -> shown(id).get("outcome").asString(), outcome::equals);
	}

	private static List<String> next(TestAgent agent, int count) throws Exception {
		List<String> ids = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			ids.add(agent.next("push").get("id").asString());
		}
		return ids;
	}

	private static void ack(TestAgent agent, String id) throws Exception {
		agent.send("{\"type\":\"ack\",\"id\":\"" + id + "\"}");
	}

	@Test
	@DisplayName("an agent that is online | gets it at once, with durable after method and before payload")
	void shouldSendAtOnce() throws Exception {
		try (RawSocketAgent agent = connect()) {
			String id = queued(",\"payload\":{ \"a\" : 1.0 }");
			assertThat(agent.next()).isEqualTo("{\"type\":\"push\",\"id\":\"" + id
					+ "\",\"method\":\"m\",\"durable\":true,\"payload\":{ \"a\" : 1.0 }}");
			ack(agent, id);
			awaitOutcome(id, "acknowledged");
			JsonNode push = shown(id);
			assertThat(push.propertyNames()).containsExactly("id", "agent", "method", "outcome", "queuedAt", "sentAt",
					"endedAt");
			assertThat(push.get("agent").asString()).isEqualTo(this.me.agent());
			assertThat(Json.time(push.get("queuedAt"))).isBeforeOrEqualTo(Json.time(push.get("sentAt")));
			assertThat(Json.time(push.get("sentAt"))).isBeforeOrEqualTo(Json.time(push.get("endedAt")));
		}
	}

	@Test
	@DisplayName("an agent that connects | gets what waits, oldest first, 16 at a time; the rest after acks")
	void shouldSendAWindowAtATime() throws Exception {
		List<String> ids = queuedAll(30);
		try (RawSocketAgent agent = connect()) {
			assertThat(next(agent, 16)).isEqualTo(ids.subList(0, 16));
			assertThat(agent.poll(QUIET)).isNull();
			for (String id : ids.subList(0, 16)) {
				ack(agent, id);
			}
			assertThat(next(agent, 14)).isEqualTo(ids.subList(16, 30));
			for (String id : ids.subList(16, 30)) {
				ack(agent, id);
			}
			awaitOutcome(ids.getLast(), "acknowledged");
			this.caller.assertQuiet(this.me, agent);
		}
	}

	@Test
	@DisplayName("not acknowledged | comes again on each new connection, with the same id; acks of others are ignored")
	void shouldSendAgainUntilItIsAcknowledged() throws Exception {
		List<String> ids = queuedAll(3);
		try (RawSocketAgent first = connect()) {
			assertThat(next(first, 3)).isEqualTo(ids);
			ack(first, ids.get(1));
			ack(first, ids.get(1));
			ack(first, this.me.agent());
			awaitOutcome(ids.get(1), "acknowledged");
		}
		for (int i = 0; i < 2; i++) {
			try (RawSocketAgent again = connect()) {
				assertThat(next(again, 2)).containsExactly(ids.get(0), ids.get(2));
				again.die();
			}
		}
		assertThat(shown(ids.getFirst()).get("outcome").asString()).isEqualTo("queued");
	}

	@Test
	@DisplayName("GET .../agents/{agent}/pushes | those that wait, oldest first, in pages")
	void shouldListWhatWaits() throws Exception {
		List<String> ids = queuedAll(5);
		List<String> listed = new ArrayList<>();
		String cursor = "";
		for (int pages = 0; pages < 3; pages++) {
			JsonNode page = Json.parse(this.caller.get(this.me.pushes() + "?limit=2" + cursor));
			page.get("pushes").forEach((push) -> listed.add(push.get("id").asString()));
			cursor = "&cursor=" + page.path("next").asString("");
			assertThat(page.has("next")).isEqualTo(pages < 2);
		}
		assertThat(listed).isEqualTo(ids);
		for (String query : List.of("?limit=0", "?limit=1001", "?limit=x", "?cursor=x", "?cursor=LTE")) {
			Problem.invalidRequest().in(this.caller.get(this.me.pushes() + query));
		}
		Problem.agentUnknown().in(this.caller.get(Identity.fresh().pushes()));
	}

	@Test
	@DisplayName("collapseKey | a later one replaces those that wait; not those with another key")
	void shouldReplaceByCollapseKey() throws Exception {
		String first = queued(",\"collapseKey\":\"state\"");
		String other = queued(",\"collapseKey\":\"State\"");
		String last = queued(",\"collapseKey\":\"state\"");
		assertThat(shown(first).get("outcome").asString()).isEqualTo("replaced");
		try (RawSocketAgent agent = connect()) {
			assertThat(next(agent, 2)).containsExactly(other, last);
		}
	}

	@Test
	@DisplayName("ttlSeconds | after it the push has expired, and is not sent")
	void shouldExpire() throws Exception {
		String id = queued(",\"ttlSeconds\":1");
		awaitOutcome(id, "expired");
		JsonNode push = shown(id);
		Instant queued = Json.time(push.get("queuedAt"));
		assertThat(Duration.between(queued, Json.time(push.get("endedAt")))).isEqualTo(Duration.ofSeconds(1));
		String later = queued("");
		try (RawSocketAgent agent = connect()) {
			assertThat(next(agent, 1)).containsExactly(later);
		}
	}

	@Test
	@DisplayName("DELETE | cancelled; what the agent has already got it keeps")
	void shouldCancel() throws Exception {
		List<String> ids = queuedAll(2);
		assertThat(Json.parse(this.caller.delete(resource(ids.getFirst()))).get("outcome").asString())
			.isEqualTo("cancelled");
		try (RawSocketAgent agent = connect()) {
			assertThat(next(agent, 1)).containsExactly(ids.getLast());
			this.caller.delete(resource(ids.getLast()));
			ack(agent, ids.getLast());
			String next = queued("");
			assertThat(next(agent, 1)).containsExactly(next);
		}
		assertThat(shown(ids.getLast()).get("outcome").asString()).isEqualTo("cancelled");
	}

	@Test
	@DisplayName("problem push-unknown | 404 | not_sent, of any other id and tenant")
	void shouldNotFindOthers() throws Exception {
		Problem unknown = new Problem("push-unknown", 404, "not_sent");
		String id = queued("");
		for (String path : List.of(resource("x"), resource("00000000-0000-4000-8000-000000000000"),
				"/v1/tenants/" + Identity.fresh().tenant() + "/pushes/" + id)) {
			unknown.in(this.caller.get(path));
			unknown.in(this.caller.delete(path));
		}
	}

	@Test
	@DisplayName("100 wait for an agent | 429, with Retry-After; after an ack there is room")
	void shouldLimitWhatWaits() throws Exception {
		List<String> ids = queuedAll(100);
		HttpResponse<String> refused = post("");
		JsonNode problem = new Problem("too-many-requests", 429, "not_sent").in(refused);
		assertThat(problem.get("detail").asString()).contains("100 pushes wait for the agent");
		assertThat(refused.headers().firstValueAsLong("Retry-After")).isPresent();
		try (RawSocketAgent agent = connect()) {
			ack(agent, next(agent, 1).getFirst());
			awaitOutcome(ids.getFirst(), "acknowledged");
			queued("");
		}
	}

	@Test
	@DisplayName("Idempotency-Key | same body: same id, and one push; another body: 422")
	void shouldStoreOnce() throws Exception {
		String id = queued("", "Idempotency-Key", "k");
		assertThat(queued("", "Idempotency-Key", "k")).isEqualTo(id);
		new Problem("idempotency-mismatch", 422, "not_sent").in(post(",\"payload\":1", "Idempotency-Key", "k"));
		try (RawSocketAgent agent = connect()) {
			assertThat(next(agent, 1)).containsExactly(id);
			ack(agent, id);
			awaitOutcome(id, "acknowledged");
		}
		assertThat(queued("", "Idempotency-Key", "k")).isEqualTo(id);
	}

	@Test
	@DisplayName("bad members | 400, which names the member; an agent that was never seen | 404")
	void shouldRefuseBadRequests() throws Exception {
		assertNamed("ttlSeconds", "0");
		assertNamed("ttlSeconds", "2592001");
		assertNamed("ttlSeconds", "\"1\"");
		assertNamed("collapseKey", "\"a b\"");
		assertNamed("collapseKey", "7");
		assertNamed("durable", "1");
		Problem.invalidRequest().in(post("", "Idempotency-Key", ""));
		Problem.payloadTooLarge().in(post(",\"payload\":\"" + "x".repeat(256 * 1024 - 50) + "\""));
		Problem.agentUnknown()
			.in(this.caller.postBytes(Identity.fresh().pushes(), "{\"method\":\"m\",\"durable\":true}".getBytes(UTF_8),
					"Content-Type", "application/json"));
	}

	private void assertNamed(String member, String value) throws Exception {
		JsonNode problem = Problem.invalidRequest().in(post(",\"" + member + "\":" + value));
		assertThat(problem.get("detail").asString()).contains(member);
	}

	@Test
	@DisplayName("an agent that reads slowly | is not closed, and gets all in the end, in order")
	void shouldWaitForASlowAgent() throws Exception {
		String payload = ",\"payload\":\"" + "x".repeat(200_000) + "\"";
		List<String> ids = new ArrayList<>();
		while (ids.size() < 30) {
			ids.add(queued(payload));
		}
		try (RawSocketAgent agent = RawSocketAgent.connect(RawHttp.openNarrow(this.gateway.agentPort()), this.me)) {
			for (String id : ids) {
				assertThat(next(agent, 1)).containsExactly(id);
				ack(agent, id);
			}
		}
	}

}
