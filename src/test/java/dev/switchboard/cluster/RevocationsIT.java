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
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import dev.switchboard.GatewayProcess;
import dev.switchboard.contract.TokenIssuer;
import dev.switchboard.database.MariaDbServer;
import dev.switchboard.forwarding.Relay;
import dev.switchboard.protocol.AgentId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * The third node reaches the database through a relay.
 * {@code -Dswitchboard.revocations.agents} is the number of agents.
 */
@DisplayName("An agent, a tenant, and the agents of a key kept out on three nodes")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RevocationsIT {

	/** How many agents of each of three tenants each of three nodes has. */
	private static final int EACH = (Integer.getInteger("switchboard.revocations.agents", 120) + 8) / 9;

	private static final Duration BOUND = Duration.ofSeconds(30);

	private static final String JWT = "spring.security.oauth2.resourceserver.jwt.";

	private static final int CUT_OFF = 2;

	private final MariaDbServer server = new MariaDbServer();

	private final TokenIssuer issuer = new TokenIssuer();

	private final Relay toDatabase = new Relay(this.server.port());

	/** The tokens of agents that get no others. */
	private final Map<AgentId, String> onlyTokens = new ConcurrentHashMap<>();

	/** The algorithm, and so the key, of the next tokens of each tenant. */
	private final Map<String, JWSAlgorithm> algorithms = new ConcurrentHashMap<>(Map.of("keyed", JWSAlgorithm.ES256));

	private final String admin = this.issuer.token("*", "ops",
			"agent:call agent:push agent:read metrics:read events:read admin");

	private final Cluster cluster = Cluster.start(this.server, "127.0.0.1", 3,
			new Access(this::agentHeaders, bearer(this.admin)), null, this::launch, "switchboard.security.mode=jwt",
			"switchboard.security.key-set-refresh=1s", JWT + "jwk-set-uri=" + this.issuer.url("/jwks"),
			JWT + "issuer-uri=" + this.issuer.url(""), JWT + "audiences=" + TokenIssuer.AUDIENCE,
			"switchboard.node.address=127.0.0.1", "switchboard.forwarding.secret=of-this-test-only-and-of-no-other");

	private final List<AgentId> mine = this.cluster.connect("acme", EACH);

	private final List<AgentId> theirs = this.cluster.connect("off", EACH);

	private final List<AgentId> keyed = this.cluster.connect("keyed", EACH);

	@AutoClose
	private final HttpClient http = HttpClient.newHttpClient();

	RevocationsIT() throws IOException, JOSEException {
		this.cluster.agents().awaitConnected();
	}

	@AfterAll
	void stop() throws IOException {
		try (this.issuer; this.toDatabase) {
			this.toDatabase.pass();
			this.server.thaw();
			this.cluster.close();
			this.server.stop();
		}
	}

	private GatewayProcess launch(int number, String... options) {
		String direct = ":" + this.server.port() + "/";
		String relayed = ":" + this.toDatabase.port() + "/";
		return GatewayProcess.launch((number != CUT_OFF) ? options
				: Arrays.stream(options)
					.map((option) -> option.startsWith("spring.r2dbc.url") ? option.replace(direct, relayed) : option)
					.toArray(String[]::new));
	}

	private Map<String, String> agentHeaders(AgentId agent) {
		String only = this.onlyTokens.get(agent);
		return bearer((only != null) ? only
				: token(this.algorithms.getOrDefault(agent.tenant(), JWSAlgorithm.RS256), agent, Duration.ofHours(1)));
	}

	private String token(JWSAlgorithm algorithm, AgentId agent, Duration life) {
		try {
			return this.issuer.token(algorithm, agent.tenant(), agent.agent(), "agent:connect", life);
		}
		catch (JOSEException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static Map<String, String> bearer(String token) {
		return Map.of("Authorization", "Bearer " + token);
	}

	private HttpResponse<String> send(int node, String method, String path, String body)
			throws IOException, InterruptedException {
		return send(node, method, path, body, this.admin);
	}

	private HttpResponse<String> send(int node, String method, String path, String body, String token)
			throws IOException, InterruptedException {
		return this.http.send(HttpRequest.newBuilder(this.cluster.node(node).api(path))
			.header("Content-Type", "application/json")
			.header("Authorization", "Bearer " + token)
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
		return refusal(node, token(JWSAlgorithm.RS256, agent, Duration.ofHours(1)));
	}

	private int refusal(GatewayProcess node, String token) {
		CompletableFuture<WebSocket> opening = this.http.newWebSocketBuilder()
			.subprotocols("switchboard.v1.json")
			.header("Authorization", "Bearer " + token)
			.buildAsync(Cluster.agentAddress(node), new WebSocket.Listener() {
			});
		CompletionException failure = catchThrowableOfType(CompletionException.class, opening::join);
		assertThat(failure).isNotNull().hasCauseInstanceOf(WebSocketHandshakeException.class);
		return ((WebSocketHandshakeException) Objects.requireNonNull(failure.getCause())).getResponse().statusCode();
	}

	@Test
	@DisplayName("closed on whichever node and kept out, the others undisturbed, and so while the directory is away")
	void shouldKeepOutAnAgentAndATenantOnAllNodes() throws Exception {
		Map<AgentId, Entry.Opened> before = connections(this.mine);
		AgentId agent = this.mine.get(EACH);
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
		assertThat(connections(this.mine)).isEqualTo(before);

		assertThat(send(1, "PUT", "/v1/tenants/off", "{\"enabled\":false,\"quotas\":{\"connections\":7}}").body())
			.contains("\"enabled\":false", "\"connections\":7");
		Cluster.await().atMost(BOUND).until(() -> this.theirs.stream().allMatch(this::isAway));
		assertKeptOut(this.theirs.getFirst(), "tenant-disabled");
		assertThat(connections(this.mine)).isEqualTo(before);
		assertThat(send(0, "GET", "/v1/tenants/acme", "").body())
			.contains("\"usage\":{\"connections\":" + (this.mine.size() - 1));
		assertThat(send(0, "GET", "/v1/tenants", "").body()).contains("acme", "off");

		this.server.freeze();
		for (int node = 0; node < 3; node++) {
			assertThat(refusal(this.cluster.node(node), agent)).isEqualTo(403);
			assertThat(refusal(this.cluster.node(node), this.theirs.getLast())).isEqualTo(403);
			assertThat(send(node, "POST", path(agent) + "/calls", "{\"method\":\"echo\"}").body())
				.contains("agent-revoked");
		}
		assertThat(connections(this.mine)).isEqualTo(before);
		this.server.thaw();

		Cluster.await().until(() -> send(2, "DELETE", path(agent) + "/revocation", "").statusCode() == 204);
		this.cluster.agents().depart(this.theirs);
		this.cluster.agents().connect(List.of(agent), Cluster.agentAddress(this.cluster.node(2)));
		assertThat(isAway(agent)).isFalse();
	}

	@Test
	@DisplayName("an agent that is waited for | the call ends as agent-revoked when it is revoked at another node")
	void shouldEndTheWaitForAnAgentThatIsRevoked() throws Exception {
		AgentId agent = new AgentId("acme", "absent");
		HttpRequest call = HttpRequest.newBuilder(this.cluster.node(0).api(path(agent) + "/calls"))
			.header("Content-Type", "application/json")
			.header("Authorization", "Bearer " + this.admin)
			.header("Switchboard-Connect-Wait", "60")
			.timeout(Duration.ofSeconds(90))
			.POST(BodyPublishers.ofString("{\"method\":\"echo\"}"))
			.build();
		this.onlyTokens.put(agent, token(JWSAlgorithm.RS256, agent, Duration.ofMinutes(5)));
		this.cluster.agents().connect(List.of(agent), Cluster.agentAddress(this.cluster.node(1)));
		this.cluster.agents().depart(List.of(agent));
		Cluster.await().until(() -> send(0, "GET", path(agent), "").body().contains("\"offline\""));
		CompletableFuture<HttpResponse<String>> waiting = this.http.sendAsync(call, BodyHandlers.ofString());
		Cluster.await()
			.until(() -> send(0, "GET", "/v1/tenants/acme", "").body().contains("\"callsInFlight\":1")
					|| waiting.isDone());
		assertThat(send(1, "PUT", path(agent) + "/revocation", "").statusCode()).isEqualTo(204);
		HttpResponse<String> ended = waiting.get(BOUND.toSeconds(), TimeUnit.SECONDS);
		assertThat(ended.statusCode()).as(ended.body()).isEqualTo(403);
		assertThat(ended.body()).contains("agent-revoked", "not_sent");
		assertThat(send(1, "DELETE", path(agent) + "/revocation", "").statusCode()).isEqualTo(204);
	}

	@Test
	@DisplayName("a key withdrawn | the connections of its tokens are closed on all nodes, the others undisturbed")
	void shouldCloseTheConnectionsOfAWithdrawnKeyOnAllNodes() throws Exception {
		Map<AgentId, Entry.Opened> before = connections(this.mine);
		Map<AgentId, Entry.Opened> old = connections(this.keyed);
		assertThat(old).hasSize(this.keyed.size());
		String agentToken = token(JWSAlgorithm.ES256, this.keyed.getFirst(), Duration.ofHours(1));
		String callerToken = this.issuer.token(JWSAlgorithm.ES256, "*", "ops", "admin");
		for (int node = 0; node < 3; node++) {
			assertThat(send(node, "GET", "/v1/nodes", "", callerToken).statusCode()).isEqualTo(200);
		}
		this.algorithms.put("keyed", JWSAlgorithm.RS256);
		this.issuer.serveKeys("rsa", "ed");
		Cluster.await().until(() -> codes(old).size() == old.size());
		assertThat(codes(old).values()).containsOnly(4003);
		for (int node = 0; node < 3; node++) {
			assertThat(refusal(this.cluster.node(node), agentToken)).isEqualTo(401);
			assertThat(send(node, "GET", "/v1/nodes", "", callerToken).statusCode()).isEqualTo(401);
		}
		Cluster.await().until(() -> this.keyed.stream().noneMatch(this::isAway));
		assertThat(connections(this.keyed).values()).doesNotContainAnyElementsOf(old.values());
		assertThat(connections(this.mine)).isEqualTo(before);
		this.issuer.serveKeys("rsa", "ec", "ed");
	}

	/** The codes with which some connections were closed, as far as they were. */
	private Map<AgentId, Integer> codes(Map<AgentId, Entry.Opened> connections) {
		return this.cluster.history().all(Entry.Closed.class).filter((closed) -> {
			Entry.Opened opened = connections.get(closed.agent());
			return opened != null && opened.connection().equals(closed.connection());
		}).collect(Collectors.toMap(Entry.Closed::agent, Entry.Closed::code));
	}

	@Test
	@DisplayName("a node that is cut off from the database | keeps a revoked agent until its token ends or it reads again")
	void shouldKeepARevokedAgentOnACutOffNodeForALimitedTime() throws Exception {
		AgentId brief = new AgentId("brief", "token-ends");
		AgentId lasting = new AgentId("brief", "token-lasts");
		Duration life = Duration.ofSeconds(40);
		this.onlyTokens.put(brief, token(JWSAlgorithm.RS256, brief, life));
		this.onlyTokens.put(lasting, token(JWSAlgorithm.RS256, lasting, Duration.ofHours(1)));
		this.cluster.agents().connect(List.of(brief, lasting), Cluster.agentAddress(this.cluster.node(CUT_OFF)));
		Map<AgentId, Entry.Opened> opened = connections(List.of(brief, lasting));
		this.toDatabase.swallow();
		for (AgentId agent : opened.keySet()) {
			assertThat(send(0, "PUT", path(agent) + "/revocation", "").statusCode()).isEqualTo(204);
		}
		Cluster.await()
			.until(() -> "agent-revoked"
				.equals(this.cluster.callers().call(this.cluster.node(1), ClusterCall.echo(lasting)).join().problem()));
		Cluster.await().until(() -> codes(opened).containsKey(brief));
		assertThat(codes(opened)).as("its token has ended").isEqualTo(Map.of(brief, 4003));
		assertThat(this.cluster.metric(this.cluster.node(CUT_OFF), "switchboard_revocations_age_seconds"))
			.isGreaterThan((double) Cluster.LEASE.toSeconds());
		for (int node = 0; node < 2; node++) {
			assertThat(refusal(this.cluster.node(node), lasting)).isEqualTo(403);
		}
		this.toDatabase.pass();
		this.toDatabase.cut();
		Cluster.await().until(() -> codes(opened).containsKey(lasting));
		assertThat(codes(opened)).isEqualTo(Map.of(brief, 4003, lasting, 4500));
		assertKeptOut(lasting, "agent-revoked");
		this.cluster.agents().depart(opened.keySet());
	}

}
