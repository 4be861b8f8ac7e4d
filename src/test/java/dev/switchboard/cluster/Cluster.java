package dev.switchboard.cluster;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.switchboard.GatewayProcess;
import dev.switchboard.database.MariaDbServer;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.ConnectionId;
import dev.switchboard.protocol.NodeId;
import io.r2dbc.spi.Readable;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Processes of the built jar that share a database on a MariaDB server, with the agents
 * and callers of one history. Closing it stops them all, but not the server.
 */
final class Cluster implements AutoCloseable {

	static final Duration LEASE = Duration.ofSeconds(5);

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private final List<GatewayProcess> nodes = new CopyOnWriteArrayList<>();

	private final Map<GatewayProcess, NodeId> ids = new ConcurrentHashMap<>();

	private final History history = new History();

	private final MariaDbServer server;

	private final String database;

	private final ClusterCallers callers;

	private final ClusterAgents agents;

	/** Launches a node with these options and others. */
	interface Launcher {

		GatewayProcess launch(int number, String... options);

	}

	private Cluster(MariaDbServer server, String database, Access access, @Nullable Duration silence) {
		this.server = server;
		this.database = database;
		this.callers = new ClusterCallers(this.history, access);
		this.agents = new ClusterAgents(this.history, access, this::agentAddresses, silence);
	}

	/** Starts nodes in {@code dev} mode and waits until they are ready. */
	static Cluster start(MariaDbServer server, int nodes, String... options) {
		String database = server.createDatabase();
		Cluster cluster = new Cluster(server, database, Access.claimed(), null);
		return cluster.launch(nodes, (_, own) -> GatewayProcess.launch(own), options(server.url(database), options));
	}

	/**
	 * Starts nodes by a launcher, which reach the database at a host.
	 * @param silence after which agents look after their liveness themselves; null leaves
	 * it to the nodes
	 */
	static Cluster start(MariaDbServer server, String host, int nodes, Access access, @Nullable Duration silence,
			Launcher launcher, String... options) {
		String database = server.createDatabase();
		Cluster cluster = new Cluster(server, database, access, silence);
		return cluster.launch(nodes, launcher, options(server.urlAt(host, database), options));
	}

	// Agents stay where a test has connected them. A test's own options take precedence.
	private static String[] options(String url, String... own) {
		return Stream.concat(Stream.of("-Dio.netty.leakDetection.level=simple", "-Dswitchboard.rebalance.enabled=false",
				"spring.r2dbc.url=" + url, "spring.r2dbc.username=root",
				"switchboard.node.lease=" + LEASE.toSeconds() + "s", "switchboard.call.max-in-flight-per-agent=1000"),
				Arrays.stream(own))
			.toArray(String[]::new);
	}

	private Cluster launch(int count, Launcher launcher, String... options) {
		try {
			IntStream.range(0, count).forEach((number) -> this.nodes.add(launcher.launch(number, options)));
			this.nodes.forEach(GatewayProcess::awaitReady);
			// A node is ready without the database, where it may not be registered yet.
			this.nodes.forEach((node) -> await().ignoreExceptions().until(() -> id(node) != null));
			return this;
		}
		catch (Throwable ex) {
			this.nodes.forEach(GatewayProcess::kill);
			close();
			throw ex;
		}
	}

	GatewayProcess node(int number) {
		return this.nodes.get(number);
	}

	/**
	 * Asks a node to end (SIGTERM), waits until it has ended, and starts it again with
	 * the same ports and options. Fails if its log has a leak or a stack trace.
	 */
	GatewayProcess restart(int number) throws InterruptedException {
		stop(number);
		return startAgain(number);
	}

	/** Asks a node to end (SIGTERM), and waits until it has ended. */
	void stop(int number) throws InterruptedException {
		GatewayProcess node = node(number);
		node.terminate();
		node.awaitExit();
		node.close();
	}

	/** Starts a node that has ended again, with the same ports and options. */
	GatewayProcess startAgain(int number) {
		GatewayProcess again = node(number).again();
		this.nodes.set(number, again);
		again.awaitReady();
		return again;
	}

	/** The lines of the nodes' logs with warnings and errors. */
	String warnings() {
		return this.nodes.stream()
			.map((node) -> node.log()
				.lines()
				.filter((line) -> line.matches("\\S+ +(WARN|ERROR) .*"))
				.collect(Collectors.joining("\n", node.apiPort() + ":\n", "\n")))
			.collect(Collectors.joining());
	}

	/** The nodes that run. */
	List<GatewayProcess> nodes() {
		return this.nodes.stream().filter(GatewayProcess::isAlive).toList();
	}

	private List<URI> agentAddresses() {
		return nodes().stream().map(Cluster::agentAddress).toList();
	}

	static URI agentAddress(GatewayProcess node) {
		return node.agent("/v1/connect");
	}

	History history() {
		return this.history;
	}

	ClusterCallers callers() {
		return this.callers;
	}

	ClusterAgents agents() {
		return this.agents;
	}

	/** The name of the nodes' database. */
	String database() {
		return this.database;
	}

	MariaDbServer server() {
		return this.server;
	}

	/**
	 * Connects this many agents of a tenant to each running node, in the order of the
	 * nodes.
	 */
	List<AgentId> connect(String tenant, int each) {
		List<GatewayProcess> running = nodes();
		List<AgentId> ids = ClusterAgents.ids(tenant, each * running.size());
		for (int i = 0; i < running.size(); i++) {
			this.agents.connect(ids.subList(i * each, (i + 1) * each), agentAddress(running.get(i)));
		}
		return ids;
	}

	/** The node's own id. */
	NodeId id(GatewayProcess node) {
		return this.ids.computeIfAbsent(node, (_) -> {
			String end = ":" + node.forwardingPort();
			return nodeRows(node).filter((row) -> row.path("address").asString("").endsWith(end))
				.map((row) -> NodeId.parse(row.path("id").asString("")))
				.findFirst()
				.orElseThrow();
		});
	}

	/** The state of a node, as another node lists it; null once it is not listed. */
	@Nullable String state(GatewayProcess told, NodeId of) {
		return nodeRows(told).filter((row) -> row.path("id").asString("").equals(of.toString()))
			.map((row) -> row.path("state").asString(""))
			.findFirst()
			.orElse(null);
	}

	private Stream<JsonNode> nodeRows(GatewayProcess told) {
		return this.callers.get(told, "/v1/nodes").path("nodes").valueStream();
	}

	/** The sum of a metric's samples on a node. */
	double metric(GatewayProcess node, String name) {
		return metric(node, name, "");
	}

	/** The sum of those samples of a metric that have a label. */
	double metric(GatewayProcess node, String name, String label) {
		return this.callers.send("GET", node.management("/actuator/prometheus"))
			.body()
			.lines()
			.filter((line) -> line.startsWith(name + " ") || line.startsWith(name + "{"))
			.filter((line) -> line.contains(label))
			.mapToDouble((line) -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
			.sum();
	}

	/**
	 * How many agents the running nodes hold. An agent that two nodes hold counts twice.
	 */
	int held() {
		return (int) nodes().stream().mapToDouble((node) -> metric(node, "switchboard_connections")).sum();
	}

	/** The connection that holds each agent, as the directory says. */
	Map<AgentId, ConnectionId> connections() {
		return this.server
			.select("SELECT tenant, agent, node, connection_id, epoch FROM " + this.database + ".agents",
					Cluster::claim)
			.stream()
			.collect(Collectors.toMap(Entry.Claimed::agent, Entry.Claimed::connection));
	}

	/** How many agents the directory says that a node holds. */
	long claims(NodeId node) {
		return claims("node = x'" + node.toString().replace("-", "") + "'");
	}

	/**
	 * How many agents the directory says that any node holds. A sum over the nodes would
	 * count some of the agents that move meanwhile twice.
	 */
	long claims() {
		return claims("node IS NOT NULL");
	}

	private long claims(String condition) {
		return this.server
			.select("SELECT COUNT(*) AS claims FROM " + this.database + ".agents WHERE " + condition,
					(row) -> Objects.requireNonNull(row.get(0, Long.class)))
			.getFirst();
	}

	/** Drops all tables, as if an empty database had been restored. */
	void emptyDirectory() {
		this.server.run("DROP DATABASE " + this.database);
		this.server.run("CREATE DATABASE " + this.database);
	}

	/** Records the row of every agent in the directory's table. */
	void recordClaims() {
		this.server
			.select("SELECT tenant, agent, node, connection_id, epoch FROM " + this.database + ".agents",
					Cluster::claim)
			.forEach(this.history::add);
	}

	private static Entry.Claimed claim(Readable row) {
		AgentId agent = new AgentId(text(row, "tenant"), text(row, "agent"));
		byte[] node = row.get("node", byte[].class);
		return new Entry.Claimed(agent, new ConnectionId(uuid(bytes(row, "connection_id"))),
				Objects.requireNonNull(row.get("epoch", Long.class)), (node != null) ? new NodeId(uuid(node)) : null);
	}

	private static byte[] bytes(Readable row, String column) {
		return Objects.requireNonNull(row.get(column, byte[].class));
	}

	private static String text(Readable row, String column) {
		return new String(bytes(row, column), StandardCharsets.UTF_8);
	}

	private static UUID uuid(byte[] bytes) {
		ByteBuffer buffer = ByteBuffer.wrap(bytes);
		return new UUID(buffer.getLong(), buffer.getLong());
	}

	/**
	 * Waits until each agent is connected, held and claimed once, and fails if the
	 * history breaks a rule.
	 */
	void assertHealed() {
		Collection<AgentId> live = List.copyOf(this.agents.ids());
		this.agents.awaitConnected();
		await().pollInterval(Duration.ofSeconds(1)).untilAsserted(() -> {
			recordClaims();
			this.history.assertHealed(live);
		});
		await().until(() -> held() == live.size());
	}

	static ConditionFactory await() {
		return Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50));
	}

	/** Stops every node; fails if the log of one has a leak or a stack trace. */
	@Override
	public void close() {
		this.agents.close();
		this.callers.close();
		List<Throwable> failures = new ArrayList<>();
		this.nodes.parallelStream().forEach((node) -> {
			try {
				node.close();
			}
			catch (RuntimeException | AssertionError ex) {
				synchronized (failures) {
					failures.add(ex);
				}
			}
		});
		failures.stream().findFirst().ifPresent((failure) -> {
			throw new AssertionError(failure);
		});
	}

}
