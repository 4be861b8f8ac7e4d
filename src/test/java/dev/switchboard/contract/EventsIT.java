package dev.switchboard.contract;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

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

@DisplayName("Events")
@ExtendWith(SharedGateway.class)
class EventsIT {

	private final GatewayProcess gateway;

	private final Caller caller;

	private final Identity me = Identity.fresh();

	private RawSocketAgent agent;

	EventsIT(GatewayProcess gateway) {
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

	private void send(String id, String subject, String payload) throws Exception {
		this.agent.send("{\"type\":\"event\",\"id\":\"" + id + "\",\"subject\":\"" + subject + "\",\"payload\":"
				+ payload + "}");
	}

	private void log(String... ids) throws Exception {
		for (String id : ids) {
			send(id, "s", "1");
		}
		for (String id : ids) {
			assertThat(this.agent.next("event-ack").get("id").asString()).isEqualTo(id);
		}
	}

	/** The agents' own events, unless the query selects a type. */
	private String path(String query) {
		String own = query.contains("type=") ? query : "?type=switchboard.event" + query.replace("?", "&");
		return "/v1/tenants/" + this.me.tenant() + "/events" + own;
	}

	private JsonNode page(String query) throws Exception {
		HttpResponse<String> response = this.caller.get(path(query));
		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
		return Json.parse(response);
	}

	private static List<String> ids(JsonNode page) {
		List<String> ids = new ArrayList<>();
		page.get("events").forEach((event) -> ids.add(event.get("id").asString()));
		return ids;
	}

	private JsonNode error(String id) throws Exception {
		JsonNode error = this.agent.next("event-error");
		assertThat(error.get("id").asString()).isEqualTo(id);
		assertThat(error.get("code").asString()).isEqualTo("invalid");
		assertThat(error.has("retryMillis")).isFalse();
		return error;
	}

	@Test
	@DisplayName("event | event-ack once it is in the log, as CloudEvents have it")
	void shouldKeepAnEvent() throws Exception {
		send("e 1~", "job/done", "{\"n\" : 1.50,\n\"s\":\"\\u00e4\"}");
		assertThat(this.agent.next()).isEqualTo("{\"type\":\"event-ack\",\"id\":\"e 1~\"}");
		JsonNode event = page("").get("events").get(0);
		assertThat(event.get("specversion").asString()).isEqualTo("1.0");
		assertThat(event.get("id").asString()).isEqualTo("e 1~");
		assertThat(event.get("source").asString())
			.isEqualTo("/v1/tenants/" + this.me.tenant() + "/agents/" + this.me.agent());
		assertThat(event.get("type").asString()).isEqualTo("switchboard.event");
		assertThat(event.get("subject").asString()).isEqualTo("job/done");
		assertThat(event.get("datacontenttype").asString()).isEqualTo("application/json");
		assertThat(Instant.parse(event.get("time").asString())).isNotNull();
		assertThat(this.caller.get(path("")).body()).contains("\"data\":{\"n\" : 1.50, \"s\":\"\\u00e4\"}");
	}

	@Test
	@DisplayName("pages | follow one another by next, which is always there")
	void shouldGivePages() throws Exception {
		log("a", "b", "c");
		JsonNode first = page("?limit=2");
		assertThat(ids(first)).containsExactly("a", "b");
		JsonNode second = page("?limit=2&after=" + first.get("next").asString());
		assertThat(ids(second)).containsExactly("c");
		JsonNode last = page("?after=" + second.get("next").asString());
		assertThat(ids(last)).isEmpty();
		log("d");
		assertThat(ids(page("?after=" + last.get("next").asString()))).containsExactly("d");
	}

	@Test
	@DisplayName("after=now | begins at the end")
	void shouldBeginNow() throws Exception {
		log("a");
		JsonNode now = page("?after=now");
		assertThat(ids(now)).isEmpty();
		log("b");
		assertThat(ids(page("?after=" + now.get("next").asString()))).containsExactly("b");
	}

	@Test
	@DisplayName("type, subject, agent | select")
	void shouldSelect() throws Exception {
		send("a", "one", "1");
		send("b", "two", "1");
		this.agent.next("event-ack");
		this.agent.next("event-ack");
		assertThat(ids(page("?subject=two"))).containsExactly("b");
		assertThat(ids(page("?subject=two&subject=one"))).containsExactly("a", "b");
		assertThat(ids(page("?type=switchboard.event&agent=" + this.me.agent()))).containsExactly("a", "b");
		assertThat(ids(page("?agent=other"))).isEmpty();
		assertThat(ids(page("?type=other"))).isEmpty();
	}

	@Test
	@DisplayName("the same id again, on another connection, too | acknowledged, and not logged again")
	void shouldNotLogARepeat() throws Exception {
		log("a", "a");
		this.agent.close();
		this.agent = RawSocketAgent.connect(this.gateway, this.me);
		log("a", "b");
		assertThat(ids(page(""))).containsExactly("a", "b");
	}

	@ParameterizedTest
	@ValueSource(strings = { "\"subject\":\"\"", "\"subject\":\"\\u00fc\"", "\"payload\":1", "\"subject\":1",
			"\"subject\":\"s\",\"subject\":\"t\"" })
	@DisplayName("a bad event | event-error invalid; nothing else on the connection is disturbed")
	void shouldRefuseABadEvent(String members) throws Exception {
		var call = this.caller.call(this.me, Caller.BODY);
		String id = this.agent.nextCall();
		this.agent.send("{\"type\":\"event\",\"id\":\"bad\"," + members + "}");
		assertThat(error("bad").get("message").asString()).startsWith("event.subject");
		log("good");
		this.agent.answer(id, "1");
		assertThat(Caller.finished(call).statusCode()).isEqualTo(200);
		assertThat(ids(page(""))).containsExactly("good");
	}

	@Test
	@DisplayName("an event over the frame limit | event-error invalid; the call on the connection goes on")
	void shouldRefuseAnEventThatIsTooLong() throws Exception {
		var call = this.caller.call(this.me, Caller.BODY);
		String id = this.agent.nextCall();
		send("big", "s", "\"" + "x".repeat(300_000) + "\"");
		assertThat(error("big").get("message").asString()).contains("message over");
		this.agent.answer(id, "1");
		assertThat(Caller.finished(call).statusCode()).isEqualTo(200);
	}

	@ParameterizedTest
	@ValueSource(strings = { "after=x", "after=", "after=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "limit=0", "limit=1001",
			"limit=x", "agent=.a", "agent=", "subject=", "subject=%C3%BC" })
	@DisplayName("bad parameters | 400, which names the parameter")
	void shouldRefuseABadParameter(String query) throws Exception {
		JsonNode problem = Problem.invalidRequest().in(this.caller.get(path("?" + query)));
		assertThat(problem.get("detail").asString()).startsWith(query.substring(0, query.indexOf('=')));
	}

	@Test
	@DisplayName("the cursor of another tenant | 400")
	void shouldRefuseTheCursorOfAnotherTenant() throws Exception {
		log("a");
		String next = page("").get("next").asString();
		Problem.invalidRequest()
			.in(this.caller.get("/v1/tenants/" + Identity.fresh().tenant() + "/events?after=" + next));
	}

	@Test
	@DisplayName("text/event-stream | the log, then each event as it comes; Last-Event-ID resumes")
	void shouldStreamServerSentEvents() throws Exception {
		log("a", "b");
		String cursor;
		try (RawHttp http = RawHttp.open(this.gateway.apiPort())) {
			http.head("GET " + path(""), "Host: localhost", "Accept: text/event-stream");
			assertThat(readHead(http)).startsWith("HTTP/1.1 200").contains("text/event-stream");
			List<String> lines = lines(http, 4);
			assertThat(lines.get(0)).startsWith("id:");
			assertThat(lines.get(1)).startsWith("data:{").contains("\"id\":\"a\"");
			assertThat(lines.get(3)).contains("\"id\":\"b\"");
			cursor = lines.get(0).substring(3);
			log("c");
			assertThat(lines(http, 2).get(1)).contains("\"id\":\"c\"");
		}
		try (RawHttp http = RawHttp.open(this.gateway.apiPort())) {
			http.head("GET " + path("?after=now"), "Host: localhost", "Accept: text/event-stream",
					"Last-Event-ID: " + cursor);
			readHead(http);
			assertThat(lines(http, 4).get(1)).contains("\"id\":\"b\"");
		}
	}

	@Test
	@DisplayName("application/x-ndjson | the same as lines, each with its cursor")
	void shouldStreamLines() throws Exception {
		log("a");
		try (RawHttp http = RawHttp.open(this.gateway.apiPort())) {
			http.head("GET " + path("?after=now"), "Host: localhost", "Accept: application/x-ndjson");
			readHead(http);
			log("b");
			JsonNode event = Json.parse(lines(http, 1).getFirst());
			assertThat(event.get("id").asString()).isEqualTo("b");
			log("c");
			assertThat(ids(page("?after=" + event.get("cursor").asString()))).containsExactly("c");
		}
	}

	private static String readHead(RawHttp http) throws Exception {
		StringBuilder head = new StringBuilder();
		for (String line = http.readLine(); !line.isEmpty(); line = http.readLine()) {
			head.append(line).append('\n');
		}
		return head.toString();
	}

	/**
	 * Reads the next lines of a stream, without comments, empty lines and chunk sizes.
	 */
	private static List<String> lines(RawHttp http, int count) throws Exception {
		List<String> lines = new ArrayList<>();
		StringBuilder line = new StringBuilder();
		while (lines.size() < count) {
			int next = http.in().read();
			if (next < 0) {
				throw new AssertionError("the stream ended after " + lines);
			}
			if (next != '\n') {
				line.append((char) next);
				continue;
			}
			String text = line.toString().strip();
			line.setLength(0);
			if (text.startsWith("id:") || text.startsWith("data:") || text.startsWith("{")) {
				lines.add(new String(text.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
			}
		}
		return lines;
	}

}
