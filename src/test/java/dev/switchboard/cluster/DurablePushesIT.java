package dev.switchboard.cluster;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.switchboard.GatewayProcess;
import dev.switchboard.agent.IncomingPush;
import dev.switchboard.agent.SwitchboardAgent;
import dev.switchboard.database.MariaDbServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@code -Dswitchboard.pushes} says how many pushes there are, 100 for each agent.
 */
@DisplayName("Durable pushes: in order and once, whatever fails")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DurablePushesIT {

	private static final int EACH = 100;

	private static final int AGENTS = Integer.getInteger("switchboard.pushes", 1_000) / EACH;

	/** How many pushers store pushes at a time. */
	private static final int PUSHERS = Math.min(AGENTS, 100);

	private final MariaDbServer server = new MariaDbServer();

	private final Cluster cluster = Cluster.start(this.server, 3, "switchboard.agent.handshake-rate=1000000",
			"switchboard.agent.reconnect-min=100ms", "switchboard.agent.reconnect-max=2s");

	private final HttpClient http = HttpClient.newHttpClient();

	private final Map<String, List<String>> processed = new ConcurrentHashMap<>();

	private final List<SwitchboardAgent> agents = Collections.synchronizedList(new ArrayList<>());

	private final LongAdder stored = new LongAdder();

	@AfterAll
	void stop() {
		this.agents.parallelStream().forEach(SwitchboardAgent::close);
		this.http.shutdownNow();
		this.cluster.close();
		this.server.stop();
	}

	private void connect(String id) {
		var builder = SwitchboardAgent.builder()
			.identity("acme", id)
			.reconnect(Duration.ofMillis(50), Duration.ofSeconds(2))
			.closeGrace(Duration.ofMillis(100))
			.pushHandler("note", (push) -> process(id, push));
		this.cluster.nodes().forEach((node) -> builder.url(Cluster.agentAddress(node)));
		SwitchboardAgent agent = builder.build();
		this.agents.add(agent);
		agent.start().join();
	}

	private void process(String id, IncomingPush push) {
		this.processed.computeIfAbsent(id, (_) -> Collections.synchronizedList(new ArrayList<>()))
			.add(push.payload().text());
	}

	private List<String> processed(String id) {
		return this.processed.getOrDefault(id, List.of());
	}

	/** Stores pushes one after the other, each at some node until one has taken it. */
	private void pushAll(String agent) {
		for (int i = 0; i < EACH; i++) {
			int number = i;
			Cluster.await().pollInterval(Duration.ofMillis(20)).until(() -> isStored(agent, number));
			this.stored.increment();
		}
	}

	private boolean isStored(String agent, int number) {
		GatewayProcess node = this.cluster.node(ThreadLocalRandom.current().nextInt(3));
		HttpRequest request = HttpRequest.newBuilder(node.api("/v1/tenants/acme/agents/" + agent + "/pushes"))
			.header("Content-Type", "application/json")
			.header("Idempotency-Key", agent + number)
			.timeout(Duration.ofSeconds(10))
			.POST(BodyPublishers.ofString("{\"method\":\"note\",\"durable\":true,\"payload\":" + number + "}"))
			.build();
		try {
			int status = this.http.send(request, BodyHandlers.ofString()).statusCode();
			assertThat(status).isIn(202, 404, 429, 503, 504);
			return status == 202;
		}
		catch (Exception ex) {
			return false; // Its node has just been killed.
		}
	}

	/** Makes the next agent connect anew. */
	private void disconnectNext(Iterator<String> ids) {
		URI connection = this.cluster.node(1).api("/v1/tenants/acme/agents/" + ids.next() + "/connection");
		this.http.sendAsync(HttpRequest.newBuilder(connection).DELETE().build(), BodyHandlers.discarding());
	}

	@Test
	@DisplayName("nodes killed, the database restarted, agents that come and go | each push once, in order")
	void shouldProcessEachPushOnceAndInOrder() throws Exception {
		List<String> ids = IntStream.range(0, AGENTS).mapToObj((i) -> "agent-" + i).toList();
		ids.forEach(this::connect);
		Iterator<String> turns = Stream.generate(() -> ids).flatMap(List::stream).iterator();
		long began = System.nanoTime();
		try (ExecutorService pushers = Executors.newFixedThreadPool(PUSHERS, Thread.ofVirtual().factory());
				ScheduledExecutorService churn = Executors.newSingleThreadScheduledExecutor()) {
			List<CompletableFuture<Void>> all = ids.stream()
				.map((id) -> CompletableFuture.runAsync(() -> pushAll(id), pushers))
				.toList();
			churn.scheduleWithFixedDelay(() -> disconnectNext(turns), 0, 100, TimeUnit.MILLISECONDS);
			awaitStored(0.2);
			CompletableFuture<Void> first = killAndStartAgain(0);
			awaitStored(0.4);
			this.server.kill();
			this.server.start();
			awaitStored(0.7);
			CompletableFuture.allOf(first, killAndStartAgain(2)).get(2, TimeUnit.MINUTES);
			CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get(10, TimeUnit.MINUTES);
			System.out.printf("%d pushes stored after %d ms%n", AGENTS * EACH, millisSince(began));
			churn.shutdownNow();
		}
		List<String> expected = IntStream.range(0, EACH).mapToObj(Integer::toString).toList();
		ids.forEach((id) -> Cluster.await().until(() -> processed(id).size() >= EACH));
		System.out.printf("processed after %d ms%n", millisSince(began));
		ids.forEach((id) -> assertThat(processed(id)).as(id).isEqualTo(expected));
		Cluster.await().until(this::waiting, (waiting) -> waiting == 0);
	}

	private static long millisSince(long began) {
		return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
	}

	private CompletableFuture<Void> killAndStartAgain(int number) {
		this.cluster.node(number).kill();
		return CompletableFuture.runAsync(() -> this.cluster.startAgain(number));
	}

	private void awaitStored(double part) {
		Cluster.await().atMost(Duration.ofMinutes(10)).until(() -> this.stored.sum() >= part * AGENTS * EACH);
	}

	private long waiting() {
		return select("SELECT COUNT(*) AS many FROM %s.pushes WHERE ended = 0");
	}

	private long select(String sql) {
		return this.server.select(sql.formatted(this.cluster.database()), (row) -> row.get("many", Long.class))
			.getFirst();
	}

	/** The row is as a node leaves it that dies before it has told anybody. */
	@Test
	@Tag("slow")
	@DisplayName("a node stores a push and dies at once | the sweep of another node finds it")
	void shouldSendAPushWhoseNodeDiedBeforeItsNotice() {
		connect("forgotten");
		long before = 20_000_000;
		this.server.run("INSERT INTO " + this.cluster.database()
				+ ".pushes (id, tenant, agent, method, payload, ended, outcome, queued_at, unannounced, expires) SELECT "
				+ "UNHEX(REPLACE(UUID(), '-', '')), tenant, agent, 'note', '1', 0, 0, connected_at - " + before
				+ ", connected_at - " + before + ", connected_at + 3600000000 FROM " + this.cluster.database()
				+ ".agents WHERE agent = 'forgotten'");
		Cluster.await().atMost(Duration.ofSeconds(70)).until(() -> processed("forgotten"), List.of("1")::equals);
	}

}
