package dev.switchboard.contract;

import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import dev.switchboard.GatewayProcess;
import dev.switchboard.WebhookReceiver;
import dev.switchboard.WebhookReceiver.Got;
import dev.switchboard.transport.TestTls;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

@DisplayName("Webhooks")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WebhooksIT {

	private final GatewayProcess gateway = GatewayProcess.start(
			"switchboard.events.webhooks.allowed-networks=127.0.0.1/32", "switchboard.events.webhooks.timeout=8s",
			"switchboard.events.webhooks.first-retry=200ms", "switchboard.events.webhooks.longest-pause=500ms",
			"switchboard.events.webhooks.retry-for=5s", "switchboard.events.webhooks.max-per-tenant=3");

	private final Caller caller = new Caller(this.gateway);

	private final List<WebhookReceiver> receivers = new ArrayList<>();

	private Identity me = Identity.fresh();

	private RawSocketAgent agent;

	private int sent;

	@BeforeEach
	void connect() throws Exception {
		this.me = Identity.fresh();
		this.sent = 0;
		this.agent = RawSocketAgent.connect(this.gateway, this.me);
	}

	@AfterEach
	void leave() throws Exception {
		this.agent.close();
		this.receivers.forEach(WebhookReceiver::close);
	}

	@AfterAll
	void stop() {
		this.gateway.close();
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofSeconds(90)).pollInterval(Duration.ofMillis(50));
	}

	private WebhookReceiver keep(WebhookReceiver receiver) {
		this.receivers.add(receiver);
		return receiver;
	}

	private String path(String name) {
		return "/v1/tenants/" + this.me.tenant() + "/webhooks/" + name;
	}

	private HttpResponse<String> put(String name, String body) throws Exception {
		return this.caller.send("PUT", path(name), body, "Content-Type", "application/json");
	}

	/** Makes a webhook for the events that agents send. */
	private JsonNode set(String name, String url) throws Exception {
		HttpResponse<String> response = put(name, "{\"url\":\"" + url + "\",\"types\":[\"switchboard.event\"]}");
		assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
		return Json.parse(response);
	}

	/** Logs events whose payloads are 1, 2 and so on. */
	private void log(int count) throws Exception {
		for (int i = 0; i < count; i++) {
			this.sent++;
			this.agent.send("{\"type\":\"event\",\"id\":\"e" + this.sent + "\",\"subject\":\"s\",\"payload\":"
					+ this.sent + "}");
			this.agent.next("event-ack");
		}
	}

	/** The payloads that came, each at its first coming. */
	private static List<Integer> numbers(WebhookReceiver receiver) {
		return receiver.got().stream().map((got) -> Json.parse(got.body()).get("data").asInt()).distinct().toList();
	}

	private static List<Integer> upTo(int last) {
		return IntStream.rangeClosed(1, last).boxed().toList();
	}

	private JsonNode deliveries(String name, String query) throws Exception {
		return Json.parse(this.caller.get(path(name) + "/deliveries" + query)).get("deliveries");
	}

	private JsonNode awaitFailure(String name) {
		await().until(() -> deliveries(name, "?status=retrying").size() + deliveries(name, "?status=dead").size() > 0);
		try {
			return deliveries(name, "").get(0);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	@DisplayName("an event | one signed request with its CloudEvents object")
	void shouldDeliverAsStandardWebhooksHaveIt() throws Exception {
		WebhookReceiver receiver = keep(WebhookReceiver.taking());
		String secret = set("hook", receiver.url("/hook?a=b")).get("secret").asString();
		log(3);
		await().until(() -> numbers(receiver).equals(upTo(3)));
		Got first = receiver.got().getFirst();
		assertThat(first.path()).isEqualTo("/hook");
		assertThat(first.header("Content-Type")).isEqualTo("application/cloudevents+json");
		assertThat(Json.parse(first.body()).get("type").asString()).isEqualTo("switchboard.event");
		Mac mac = Mac.getInstance("HmacSHA256");
		mac.init(new SecretKeySpec(Base64.getDecoder().decode(secret.substring("whsec_".length())), "HmacSHA256"));
		String signed = first.header("webhook-id") + "." + first.header("webhook-timestamp") + "." + first.body();
		assertThat(first.header("webhook-signature")).isEqualTo(
				"v1," + Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8))));
		assertThat(receiver.got().stream().map((got) -> got.header("webhook-id"))).doesNotHaveDuplicates();
		await().until(() -> deliveries("hook", "?status=delivered").size() == 3);
		assertThat(this.caller.get(path("hook")).body()).doesNotContain("whsec_").contains("\"enabled\":true");
		assertThat(put("hook", "{\"url\":\"" + receiver.url("/") + "\"}").body()).doesNotContain("whsec_");
	}

	@Test
	@DisplayName("the receiver is down, and then up | all events, in order")
	void shouldDeliverWhenTheReceiverIsBack() throws Exception {
		WebhookReceiver receiver = keep(new WebhookReceiver(null, (exchange) -> exchange.sendResponseHeaders(200, -1)));
		set("hook", receiver.url("/"));
		log(5);
		JsonNode failed = awaitFailure("hook");
		assertThat(failed.get("failure").asString()).isEqualTo("the connection was refused or timed out");
		assertThat(failed.has("nextAttemptAt")).isTrue();
		receiver.start();
		await().until(() -> numbers(receiver).equals(upTo(5)));
		await().until(() -> deliveries("hook", "?status=retrying").isEmpty());
	}

	@Test
	@DisplayName("one receiver takes its time | another one waits for nothing")
	void shouldNotLetASlowReceiverDelayAnotherOne() throws Exception {
		CountDownLatch release = new CountDownLatch(1);
		WebhookReceiver slow = keep(WebhookReceiver.answering((exchange) -> {
			try {
				assertThat(release.await(60, TimeUnit.SECONDS)).isTrue();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			exchange.sendResponseHeaders(204, -1);
		}));
		WebhookReceiver fast = keep(WebhookReceiver.taking());
		set("slow", slow.url("/"));
		set("fast", fast.url("/"));
		log(20);
		await().until(() -> numbers(fast).equals(upTo(20)));
		assertThat(numbers(slow)).as("one event of the agent is under way").isSubsetOf(1);
		release.countDown();
		await().until(() -> numbers(slow).equals(upTo(20)));
	}

	/** pact-foundation/pact_broker #239: a redirect was neither followed nor reported. */
	@Test
	@DisplayName("endless redirects | a failure, and no request follows")
	void shouldNotFollowRedirects() throws Exception {
		WebhookReceiver receiver = keep(WebhookReceiver.answering((exchange) -> {
			exchange.getResponseHeaders().set("Location", "/again");
			exchange.sendResponseHeaders(307, -1);
		}));
		set("hook", receiver.url("/first"));
		log(1);
		JsonNode failed = awaitFailure("hook");
		assertThat(failed.get("failure").asString()).isEqualTo("answered 307; redirects are not followed");
		assertThat(failed.get("responseStatus").asInt()).isEqualTo(307);
		assertThat(receiver.got()).extracting(Got::path).containsOnly("/first");
	}

	/** hookdeck/outpost #974: an answer that was too long was tried again for ever. */
	@Test
	@DisplayName("a huge answer | taken, and hardly read")
	void shouldReadLittleOfAnAnswer() throws Exception {
		AtomicInteger written = new AtomicInteger();
		WebhookReceiver receiver = keep(WebhookReceiver.answering((exchange) -> {
			exchange.sendResponseHeaders(200, 0);
			OutputStream body = exchange.getResponseBody();
			for (int i = 0; i < 1_000; i++) {
				body.write(new byte[1 << 20]);
				written.incrementAndGet();
			}
		}));
		set("hook", receiver.url("/"));
		log(2);
		await().until(() -> deliveries("hook", "?status=delivered").size() == 2);
		assertThat(numbers(receiver)).isEqualTo(upTo(2));
		assertThat(written.get()).as("megabytes of two answers").isLessThan(100);
	}

	@Test
	@DisplayName("a certificate that does not fit | a failure that says so")
	void shouldRefuseABadCertificate() throws Exception {
		WebhookReceiver receiver = keep(
				new WebhookReceiver(TestTls.serverContext(), (exchange) -> exchange.sendResponseHeaders(204, -1)));
		receiver.start();
		set("hook", receiver.url("/"));
		log(1);
		assertThat(awaitFailure("hook").get("failure").asString()).startsWith("the certificate does not fit: ");
		assertThat(receiver.got()).isEmpty();
	}

	/** imuniqueshiv/MeetOnMemory #427: a name led to a private address. */
	@Test
	@DisplayName("a name of a private address | a failure that names the address")
	void shouldCheckTheAddressOfAName() throws Exception {
		// Linux has this name for ::1, which is not allowed here.
		set("hook", "http://ip6-localhost:1/");
		log(1);
		assertThat(awaitFailure("hook").get("failure").asString())
			.matches("the address .* is not in switchboard.events.webhooks.allowed-networks.*"
					+ "|the name of the host was not found");
	}

	@Test
	@DisplayName("after the time | a dead letter, which can be retried")
	void shouldKeepADeadLetterAndRetryIt() throws Exception {
		AtomicInteger status = new AtomicInteger(500);
		WebhookReceiver receiver = keep(
				WebhookReceiver.answering((exchange) -> exchange.sendResponseHeaders(status.get(), -1)));
		set("hook", receiver.url("/"));
		log(1);
		await().until(() -> deliveries("hook", "?status=dead").size() == 1);
		JsonNode dead = deliveries("hook", "?status=dead").get(0);
		assertThat(dead.get("failure").asString()).isEqualTo("answered 500");
		assertThat(dead.at("/event/id").asString()).isEqualTo("e1");
		assertThat(dead.get("attempts").asInt()).isGreaterThan(2);
		String id = dead.get("id").asString();
		assertThat(receiver.got()).extracting((got) -> got.header("webhook-id")).containsOnly(id);
		status.set(200);
		String retry = path("hook") + "/deliveries/" + id + "/retry";
		assertThat(this.caller.request("POST", retry).statusCode()).isEqualTo(202);
		await().until(() -> deliveries("hook", "?status=delivered").size() == 1);
		new Problem("delivery-not-dead", 409, "not_sent").in(this.caller.request("POST", retry));
		log(1);
		await().until(() -> numbers(receiver).equals(upTo(2)));
	}

	@Test
	@DisplayName("410 | the webhook is disabled, and says why")
	void shouldDisableAWebhookThatIsGone() throws Exception {
		WebhookReceiver receiver = keep(WebhookReceiver.answering((exchange) -> exchange.sendResponseHeaders(410, -1)));
		set("hook", receiver.url("/"));
		log(2);
		await().until(() -> !Json.parse(this.caller.get(path("hook"))).get("enabled").asBoolean());
		assertThat(Json.parse(this.caller.get(path("hook"))).get("disabledBecause").asString()).contains("410");
		assertThat(receiver.got()).hasSize(1);
	}

	@Test
	@DisplayName("DELETE | 204, and nothing more is delivered")
	void shouldEndADeletedWebhook() throws Exception {
		WebhookReceiver deleted = keep(WebhookReceiver.taking());
		WebhookReceiver other = keep(WebhookReceiver.taking());
		set("deleted", deleted.url("/"));
		set("other", other.url("/"));
		log(1);
		await().until(() -> numbers(deleted).equals(upTo(1)));
		double held = this.caller.metric("switchboard_relays_held");
		assertThat(this.caller.delete(path("deleted")).statusCode()).isEqualTo(204);
		new Problem("webhook-unknown", 404, "not_sent").in(this.caller.get(path("deleted")));
		await().until(() -> this.caller.metric("switchboard_relays_held") < held);
		log(1);
		await().until(() -> numbers(other).equals(upTo(2)));
		assertThat(numbers(deleted)).isEqualTo(upTo(1));
	}

	@ParameterizedTest(name = "{0}")
	@CsvSource(delimiter = '|',
			value = { "{} | url", "{'url':'https://10.0.0.1/'} | 10.0.0.1", "{'url':'nonsense'} | https://",
					"{'url':'https://e.com/','typs':[]} | typs", "{'url':'https://e.com/','types':[1]} | types[0]",
					"{'url':'https://e.com/','subjects':['']} | subjects[0]",
					"{'url':'https://e.com/','enabled':1} | enabled", "[] | body", "{'url':'https://[::1]/'} | 0:0:0" })
	@DisplayName("PUT of what is not valid | 400, which says what is wrong")
	void shouldRefuseWhatIsNotValid(String body, String part) throws Exception {
		JsonNode problem = Problem.invalidRequest().in(put("hook", body.replace('\'', '"')));
		assertThat(problem.get("detail").asString()).containsIgnoringCase(part);
	}

	@Test
	@DisplayName("bad names, too many webhooks, unknown ones | 400, 429, 404")
	void shouldRefuseBadNamesAndTooMany() throws Exception {
		Problem.invalidRequest().in(put(".hook", "{\"url\":\"https://example.com/\"}"));
		new Problem("webhook-unknown", 404, "not_sent").in(this.caller.delete(path("none")));
		new Problem("webhook-unknown", 404, "not_sent").in(this.caller.get(path("none") + "/deliveries"));
		for (String name : List.of("c", "a", "b")) {
			set(name, "https://example.com/");
		}
		new Problem("too-many-requests", 429, "not_sent").in(put("d", "{\"url\":\"https://example.com/\"}"));
		JsonNode all = Json.parse(this.caller.get("/v1/tenants/" + this.me.tenant() + "/webhooks")).get("webhooks");
		assertThat(all.valueStream().map((webhook) -> webhook.get("name").asString())).containsExactly("a", "b", "c");
		Problem.invalidRequest().in(this.caller.get(path("a") + "/deliveries?status=odd"));
		new Problem("delivery-unknown", 404, "not_sent")
			.in(this.caller.request("POST", path("a") + "/deliveries/x/retry"));
	}

}
