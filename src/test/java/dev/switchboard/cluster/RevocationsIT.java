package dev.switchboard.cluster;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import dev.switchboard.GatewayProcess;
import dev.switchboard.database.MariaDbServer;
import dev.switchboard.protocol.AgentId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** {@code -Dswitchboard.revocations.agents} is the number of agents. */
@DisplayName("An agent, and then a tenant, kept out on three nodes")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RevocationsIT {

	private static final int AGENTS = Integer.getInteger("switchboard.revocations.agents", 120);

	private static final Duration BOUND = Duration.ofSeconds(30);

	private final MariaDbServer server = new MariaDbServer();

	private final Cluster cluster = Cluster.start(this.server, 3);

	@AutoClose
	private final HttpClient http = HttpClient.newHttpClient();

	@AfterAll
	void stop() {
		this.server.thaw();
		this.cluster.close();
		this.server.stop();
	}

	private HttpResponse<String> send(int node, String method, String path, String body)
			throws IOException, InterruptedException {
		return this.http.send(HttpRequest.newBuilder(this.cluster.node(node).api(path))
			.header("Content-Type", "application/json")
			.timeout(Duration.ofSeconds(20))
			.method(method, BodyPublishers.ofString(body))
			.build(), BodyHandlers.ofString());
	}

	private static String path(AgentId agent) {
		return "/v1/tenants/" + agent.tenant() + "/agents/" + agent.agent();
	}

	/** Returns the connections of the agents that are connected. */
	private Map<AgentId, Entry.Opened> connections(List<AgentId> agents) {
		Map<AgentId, Entry.Opened> connections = new HashMap<>();
		agents.forEach((agent) -> {
			Entry.Opened connection = this.cluster.agents().connection(agent);
			if (connection != null) {
				connections.put(agent, connection);
			}
		});
		return connections;
	}

	private boolean isAway(AgentId agent) {
		return this.cluster.agents().connection(agent) == null;
	}

	/** Checks that each node refuses the agent's handshakes, and calls to it. */
	private void assertKeptOut(AgentId agent, String problem) throws Exception {
		for (int node = 0; node < 3; node++) {
			int asked = node;
			Cluster.await().untilAsserted(() -> {
				HttpResponse<String> call = send(asked, "POST", path(agent) + "/calls", "{\"method\":\"echo\"}");
				assertThat(call.statusCode()).as(call.body()).isEqualTo(403);
				assertThat(call.body()).contains(problem).contains("not_sent");
			});
			HttpResponse<String> push = send(node, "POST", path(agent) + "/pushes",
					"{\"method\":\"note\",\"durable\":true}");
			assertThat(push.body()).contains(problem);
			assertThat(refusal(this.cluster.node(node), agent)).isEqualTo(403);
		}
	}

	private int refusal(GatewayProcess node, AgentId agent) {
		CompletableFuture<WebSocket> opening = this.http.newWebSocketBuilder()
			.subprotocols("switchboard.v1.json")
			.header("Switchboard-Tenant", agent.tenant())
			.header("Switchboard-Agent", agent.agent())
			.buildAsync(Cluster.agentAddress(node), new WebSocket.Listener() {
			});
		CompletionException failure = catchThrowableOfType(CompletionException.class, opening::join);
		assertThat(failure).isNotNull().hasCauseInstanceOf(WebSocketHandshakeException.class);
		return ((WebSocketHandshakeException) Objects.requireNonNull(failure.getCause())).getResponse().statusCode();
	}

	@Test
	@DisplayName("closed on whichever node and kept out, the others undisturbed, and so while the directory is away")
	void shouldKeepOutAnAgentAndATenantOnAllNodes() throws Exception {
		int each = AGENTS / 6;
		List<AgentId> mine = this.cluster.connect("acme", each);
		List<AgentId> theirs = this.cluster.connect("off", each);
		this.cluster.agents().awaitConnected();
		Map<AgentId, Entry.Opened> before = connections(mine);
		AgentId agent = mine.get(each);
		CompletableFuture<Ending> waiting = this.cluster.callers()
			.call(this.cluster.node(2), ClusterCall.hold(agent, Duration.ofSeconds(60)));
		Cluster.await()
			.until(() -> send(0, "GET", "/v1/tenants/acme", "").body().contains("\"callsInFlight\":1")
					|| waiting.isDone());
		assertThat(send(0, "PUT", path(agent) + "/revocation", "{\"reason\":\"stolen\"}").statusCode()).isEqualTo(204);
		Cluster.await().atMost(BOUND).until(() -> isAway(agent));
		assertThat(waiting.join().problem()).isEqualTo("agent-disconnected");
		assertKeptOut(agent, "agent-revoked");
		assertThat(send(2, "GET", path(agent) + "/diagnosis", "").body()).contains("The agent is revoked");
		assertThat(send(1, "GET", path(agent) + "/revocation", "").body()).contains("\"reason\":\"stolen\"");
		assertThat(send(1, "GET", path(agent), "").body()).contains("\"code\":4500");
		before.remove(agent);
		assertThat(connections(mine)).isEqualTo(before);

		assertThat(send(1, "PUT", "/v1/tenants/off", "{\"enabled\":false,\"quotas\":{\"connections\":7}}").body())
			.contains("\"enabled\":false", "\"connections\":7");
		Cluster.await().atMost(BOUND).until(() -> theirs.stream().allMatch(this::isAway));
		assertKeptOut(theirs.getFirst(), "tenant-disabled");
		assertThat(connections(mine)).isEqualTo(before);
		assertThat(send(0, "GET", "/v1/tenants/acme", "").body())
			.contains("\"usage\":{\"connections\":" + (mine.size() - 1));
		assertThat(send(0, "GET", "/v1/tenants", "").body()).contains("acme", "off");

		this.server.freeze();
		for (int node = 0; node < 3; node++) {
			assertThat(refusal(this.cluster.node(node), agent)).isEqualTo(403);
			assertThat(refusal(this.cluster.node(node), theirs.getLast())).isEqualTo(403);
			assertThat(send(node, "POST", path(agent) + "/calls", "{\"method\":\"echo\"}").body())
				.contains("agent-revoked");
		}
		assertThat(connections(mine)).isEqualTo(before);
		this.server.thaw();

		Cluster.await().until(() -> send(2, "DELETE", path(agent) + "/revocation", "").statusCode() == 204);
		this.cluster.agents().depart(theirs);
		this.cluster.agents().connect(List.of(agent), Cluster.agentAddress(this.cluster.node(2)));
		assertThat(isAway(agent)).isFalse();
	}

}
