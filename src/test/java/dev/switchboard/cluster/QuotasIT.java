package dev.switchboard.cluster;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

import dev.switchboard.database.MariaDbServer;
import dev.switchboard.protocol.AgentId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import static org.assertj.core.api.Assertions.assertThat;

@DisplayName("Quotas of tenants that hold for three nodes together")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class QuotasIT {

	private static final int QUOTA = 60;

	private final MariaDbServer server = new MariaDbServer();

	private final Cluster cluster = Cluster.start(this.server, 3);

	/**
	 * Places that are taken on several nodes before these have told each other may be the
	 * quota once more.
	 */
	private static final int MOST_PLACES = 60;

	private final Queue<WebSocket> open = new ConcurrentLinkedQueue<>();

	@AutoClose
	private final HttpClient http = HttpClient.newHttpClient();

	@AfterAll
	void stop() {
		this.open.forEach(WebSocket::abort);
		this.cluster.close();
		this.server.stop();
	}

	private CompletableFuture<HttpResponse<String>> send(int node, String method, String path, String body) {
		return this.http.sendAsync(HttpRequest.newBuilder(this.cluster.node(node).api(path))
			.header("Content-Type", "application/json")
			.timeout(Duration.ofSeconds(30))
			.method(method, BodyPublishers.ofString(body))
			.build(), BodyHandlers.ofString());
	}

	private void setQuotas(String tenant, String quotas) {
		Cluster.await()
			.until(() -> send(0, "PUT", "/v1/tenants/" + tenant, "{\"quotas\":{" + quotas + "}}").join()
				.statusCode() == 200);
	}

	/**
	 * Sets a quota so that no node has a higher one: a node that does not know it yet
	 * lets nothing in.
	 * @param refuses whether a node lets nothing in
	 */
	private void setFirstQuota(String tenant, String quota, int amount, IntPredicate refuses) {
		setQuotas(tenant, "\"" + quota + "\":0");
		Cluster.await().until(() -> IntStream.range(0, 3).allMatch(refuses));
		setQuotas(tenant, "\"" + quota + "\":" + amount);
	}

	private double refused(int node, String quota) {
		return this.cluster.metric(this.cluster.node(node), "switchboard_quota_refused_total", "\"" + quota + "\"");
	}

	/** Calls at all nodes, on several lines at a time, until it is closed. */
	private final class Flood implements AutoCloseable {

		private final AtomicInteger admitted = new AtomicInteger();

		private final AtomicIntegerArray refused = new AtomicIntegerArray(3);

		private volatile boolean stopping;

		Flood(List<AgentId> agents, int lines) {
			IntStream.range(0, lines).forEach((i) -> call(i % 3, agents.get(i % agents.size())));
		}

		private void call(int node, AgentId agent) {
			if (this.stopping) {
				return;
			}
			send(node, "POST", "/v1/tenants/" + agent.tenant() + "/agents/" + agent.agent() + "/calls",
					ClusterCall.echo(agent).body())
				.thenAccept((answer) -> {
					if (answer.statusCode() == 429) {
						assertThat(answer.body()).contains("too-many-requests", "callsPerSecond", "not_sent");
						assertThat(answer.headers().firstValueAsLong("Retry-After")).isPresent();
						this.refused.incrementAndGet(node);
					}
					else {
						assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
						this.admitted.incrementAndGet();
					}
					ClusterCallers.later(Duration.ofMillis(20), () -> call(node, agent));
				});
		}

		/** The rate of calls that are let through while so many of them are. */
		double rate(int calls) {
			int before = this.admitted.get();
			long began = System.nanoTime();
			Cluster.await().until(() -> this.admitted.get() - before >= calls);
			return (this.admitted.get() - before) / ((System.nanoTime() - began) / 1e9);
		}

		@Override
		public void close() {
			this.stopping = true;
		}

	}

	@Test
	@DisplayName("ten times the quota of calls: held to it, and another tenant does not notice; a change is in force")
	void shouldHoldATenantToItsCallsPerSecond() throws Exception {
		List<AgentId> busy = this.cluster.connect("busy", 2);
		List<AgentId> calm = this.cluster.connect("calm", 2);
		this.cluster.agents().awaitConnected();
		setQuotas("busy", "\"callsPerSecond\":" + QUOTA);
		SteadyCalls others = new SteadyCalls(this.cluster.callers(),
				IntStream.range(0, 6)
					.mapToObj((i) -> new SteadyCalls.Line(this.cluster.node(i % 3), calm.get(i)))
					.toList());
		try (Flood flood = new Flood(busy, 24)) {
			Cluster.await().until(() -> IntStream.range(0, 3).allMatch((node) -> flood.refused.get(node) > 3 * QUOTA));
			Cluster.await().untilAsserted(() -> assertThat(flood.rate(8 * QUOTA)).isBetween(QUOTA * 0.9, QUOTA * 1.1));

			setQuotas("busy", "\"callsPerSecond\":" + QUOTA / 3);
			Cluster.await()
				.untilAsserted(() -> assertThat(flood.rate(2 * QUOTA)).isBetween(QUOTA * 0.3, QUOTA * 0.3667));
			setQuotas("busy", "\"callsPerSecond\":100000");
			Cluster.await().untilAsserted(() -> assertThat(flood.rate(8 * QUOTA)).isGreaterThan(QUOTA * 2));
		}
		assertThat(others.stop()).isNotEmpty().allMatch((ending) -> ending.problem() == null);
		IntStream.range(0, 3).forEach((node) -> assertThat(refused(node, "callsPerSecond")).isPositive());
	}

	/** Begins calls that are never answered, as far as the quota allows. */
	private void hold(List<AgentId> agents, int calls) throws Exception {
		for (int i = 0; i < calls; i++) {
			AgentId agent = agents.get(i % agents.size());
			HttpResponse<String> answer = this.http.send(HttpRequest
				.newBuilder(this.cluster.node(i % 3)
					.api("/v1/tenants/" + agent.tenant() + "/agents/" + agent.agent() + "/calls"))
				.header("Content-Type", "application/json")
				.header("Prefer", "respond-async")
				.POST(BodyPublishers.ofString(ClusterCall.hold(agent, Duration.ofMinutes(5)).body()))
				.build(), BodyHandlers.ofString());
			if (answer.statusCode() == 429) {
				assertThat(answer.body()).contains("callsInFlight (");
			}
		}
	}

	/** Returns how many calls of the tenant wait on all nodes. */
	private int callsInFlight() {
		return this.cluster.callers()
			.get(this.cluster.node(1), "/v1/tenants/waiting")
			.path("usage")
			.path("callsInFlight")
			.asInt();
	}

	@Test
	@DisplayName("calls in flight: as many as the quota on all nodes together, and no more than once more if they come to all at once")
	void shouldHoldATenantToItsCallsInFlight() throws Exception {
		List<AgentId> agents = this.cluster.connect("waiting", 2);
		this.cluster.agents().awaitConnected();
		setFirstQuota("waiting", "callsInFlight", 30, (node) -> echo(node, agents.getFirst()) == 429);
		Cluster.await().untilAsserted(() -> {
			hold(agents, 30);
			assertThat(callsInFlight()).isGreaterThanOrEqualTo(27);
		});
		hold(agents, 90);
		assertThat(callsInFlight()).isLessThanOrEqualTo(MOST_PLACES);
		setQuotas("waiting", "\"callsInFlight\":90");
		Cluster.await().until(() -> echo(2, agents.getFirst()) == 200);
	}

	/** Makes a call, and returns the status of its answer. */
	private int echo(int node, AgentId agent) {
		return send(node, "POST", "/v1/tenants/" + agent.tenant() + "/agents/" + agent.agent() + "/calls",
				ClusterCall.echo(agent).body())
			.join()
			.statusCode();
	}

	/** Returns the status of a handshake: 101 if it succeeded. */
	private int connect(int node, String tenant, String agent) {
		try {
			this.open.add(this.http.newWebSocketBuilder()
				.subprotocols("switchboard.v1.json")
				.header("Switchboard-Tenant", tenant)
				.header("Switchboard-Agent", agent)
				.buildAsync(Cluster.agentAddress(this.cluster.node(node)), new WebSocket.Listener() {
				})
				.join());
			return 101;
		}
		catch (CompletionException ex) {
			assertThat(ex).hasCauseInstanceOf(WebSocketHandshakeException.class);
			HttpResponse<?> refusal = ((WebSocketHandshakeException) Objects.requireNonNull(ex.getCause()))
				.getResponse();
			assertThat(refusal.headers().firstValueAsLong("Retry-After")).isPresent();
			return refusal.statusCode();
		}
	}

	@Test
	@DisplayName("connections: as many as the quota on all nodes together, also if they come to one of them")
	void shouldHoldATenantToItsConnections() {
		AtomicInteger connected = new AtomicInteger();
		AtomicInteger next = new AtomicInteger();
		setFirstQuota("fleet", "connections", 30,
				(node) -> connect(node, "fleet", "early-" + next.incrementAndGet()) == 503);
		this.open.forEach(WebSocket::abort);
		Cluster.await().untilAsserted(() -> {
			for (int i = 0; i < 20; i++) {
				int status = connect(0, "fleet", "agent-" + next.incrementAndGet());
				assertThat(status).isIn(101, 503);
				connected.addAndGet((status == 101) ? 1 : 0);
			}
			assertThat(connected.get()).isGreaterThanOrEqualTo(27);
		});
		for (int i = 0; i < 60; i++) {
			connected.addAndGet((connect(i % 3, "fleet", "agent-" + next.incrementAndGet()) == 101) ? 1 : 0);
		}
		assertThat(connected.get()).isBetween(27, MOST_PLACES);
		assertThat(connect(1, "other", "agent-1")).isEqualTo(101);
		setQuotas("fleet", "\"connections\":90");
		Cluster.await().until(() -> connect(2, "fleet", "agent-" + next.incrementAndGet()) == 101);
	}

}
