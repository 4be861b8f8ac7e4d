package dev.switchboard.cluster;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.switchboard.aws.TestElasticMq;
import dev.switchboard.database.MariaDbServer;
import dev.switchboard.protocol.AgentId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Sinks;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Readers and receivers of events while all fails that can fail. Each agent of
 * {@code -Dswitchboard.senders} sends two events a second. A receiver is down for the
 * seconds of {@code -Dswitchboard.outage}, and the database is frozen for a third of
 * them.
 */
@Tag("slow")
@DisplayName("Events of many agents, with readers and receivers")
class RelayedEventsIT {

	private static final int AGENTS = Integer.getInteger("switchboard.senders", 100);

	private static final Duration OUTAGE = Duration.ofSeconds(Integer.getInteger("switchboard.outage", 12));

	private static final Duration PAUSE = Duration.ofMillis(500);

	/** How many events each agent has sent at least when all has failed once. */
	private static final int LEAST = 30;

	/** The receiver that takes 5 seconds for each gets the events of these agents. */
	private static final List<AgentId> FEW = ClusterAgents.ids("few", 3);

	private static final int EACH_OF_FEW = 6;

	private static final JsonMapper JSON = new JsonMapper();

	private final MariaDbServer server = new MariaDbServer();

	private final TestElasticMq queues = new TestElasticMq();

	private final String queue = this.queues.make("events.fifo");

	private final Cluster cluster = Cluster.start(this.server, 3,
			"switchboard.events.webhooks.allowed-networks=127.0.0.0/8", "switchboard.events.sqs.queue=events.fifo",
			"spring.cloud.aws.sqs.endpoint=" + this.queues.endpoint, "spring.cloud.aws.region.static=eu-central-1",
			"spring.cloud.aws.credentials.access-key=key", "spring.cloud.aws.credentials.secret-key=secret");

	private final HttpClient http = HttpClient.newHttpClient();

	private final List<AutoCloseable> closed = new ArrayList<>();

	@AfterEach
	void stop() throws Exception {
		for (AutoCloseable each : this.closed) {
			each.close();
		}
		this.http.shutdownNow();
		this.cluster.close();
		this.queues.close();
		this.server.stop();
	}

	private <T extends AutoCloseable> T closing(T resource) {
		this.closed.add(resource);
		return resource;
	}

	@Test
	@DisplayName("nodes killed, the database frozen and restarted, receivers down and slow | each has each event, in order")
	void shouldReachEachReaderAndReceiver() throws Exception {
		EventAccounts accounts = new EventAccounts();
		EventAccounts few = new EventAccounts();
		for (int i = 0; i < 3; i++) {
			int number = i;
			closing(new EventStream(() -> this.cluster.node(number), "acme", accounts.open("stream at node " + i)));
		}
		EventAccounts.Receipts fast = accounts.open("webhook");
		EventAccounts.Receipts back = accounts.open("webhook whose receiver is down");
		EventAccounts.Receipts slow = few.open("webhook whose receiver takes 5 s for each");
		EventAccounts.Receipts queued = accounts.open("FIFO queue");
		webhook("acme", fast, Duration.ZERO);
		WebhookServer down = webhook("acme", back, Duration.ZERO);
		webhook("few", slow, Duration.ofSeconds(5));

		Sinks.Empty<Void> end = Sinks.empty();
		CompletableFuture<Void> sent = senders(accounts, ClusterAgents.ids("acme", AGENTS)).sendUntil(end.asMono(),
				PAUSE);
		CompletableFuture<Void> sentFew = senders(few, FEW).send(EACH_OF_FEW, Duration.ofSeconds(2));
		awaitMore(accounts, 10 * AGENTS);
		down.stop();
		Instant stopped = Instant.now();
		killAndStartAgain(0);
		awaitMore(accounts, 10 * AGENTS);
		freeze();
		awaitMore(accounts, 10 * AGENTS);
		this.server.kill();
		this.server.start();
		awaitMore(accounts, 2 * AGENTS);
		killAndStartAgain(1);
		awaitPast(stopped.plus(OUTAGE));
		down.start();
		awaitMore(accounts, 10 * AGENTS);
		end.tryEmitEmpty();
		CompletableFuture.allOf(sent, sentFew).get(5, TimeUnit.MINUTES);

		Cluster.await().atMost(Duration.ofMinutes(5)).untilAsserted(() -> {
			this.queues.drain(this.queue)
				.stream()
				.map((message) -> JSON.readTree(message.body()))
				.filter((event) -> event.path("source").asString().startsWith("/v1/tenants/acme/"))
				.forEach(queued::add);
			accounts.assertComplete();
			few.assertComplete();
		});
		accounts.check(AGENTS, LEAST);
		few.check(FEW.size(), EACH_OF_FEW);
	}

	private EventSenders senders(EventAccounts accounts, List<AgentId> ids) throws Exception {
		return closing(
				new EventSenders(accounts, ids, this.cluster.nodes().stream().map(Cluster::agentAddress).toList()));
	}

	private WebhookServer webhook(String tenant, EventAccounts.Receipts receipts, Duration pause) throws Exception {
		WebhookServer receiver = closing(new WebhookServer(receipts, pause));
		URI uri = this.cluster.node(2).api("/v1/tenants/" + tenant + "/webhooks/port-" + receiver.uri().getPort());
		HttpResponse<String> answer = this.http.send(HttpRequest.newBuilder(uri)
			.header("Content-Type", "application/json")
			.PUT(BodyPublishers.ofString("{\"url\":\"" + receiver.uri() + "\",\"types\":[\"switchboard.event\"]}"))
			.build(), BodyHandlers.ofString());
		assertThat(answer.statusCode()).as(answer.body()).isIn(200, 201);
		receiver.secret(JSON.readTree(answer.body()).path("secret").asString());
		return receiver;
	}

	private static void awaitMore(EventAccounts accounts, int count) {
		int before = accounts.acknowledged();
		Cluster.await().until(() -> accounts.acknowledged() >= before + count);
	}

	private static void awaitPast(Instant end) {
		Cluster.await().atMost(OUTAGE.plusMinutes(1)).until(() -> Instant.now().isAfter(end));
	}

	private void killAndStartAgain(int number) {
		this.cluster.node(number).kill();
		this.cluster.startAgain(number);
	}

	private void freeze() {
		this.server.freeze();
		try {
			awaitPast(Instant.now().plus(OUTAGE.dividedBy(3)));
		}
		finally {
			this.server.thaw();
		}
	}

}
