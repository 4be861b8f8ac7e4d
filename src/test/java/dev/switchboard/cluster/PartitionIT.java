package dev.switchboard.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import com.nimbusds.jose.JOSEException;
import dev.switchboard.GatewayProcess;
import dev.switchboard.contract.TokenIssuer;
import dev.switchboard.database.MariaDbServer;
import dev.switchboard.problem.Outcome;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.DisconnectReason;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Needs root, and Debian's iproute2 and iptables: {@code mvn -Pdebian verify}. Agents
 * give a silent connection up after seconds, so it wants a machine that is not busy.
 */
@DisplayName("Packets dropped for longer than leases, and then no more: no violation, and all is well again")
@Tag("debian")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PartitionIT {

	private static final int NODES = 3;

	private static final int AGENTS_EACH = 20;

	private static final Duration PARTITION = Cluster.LEASE.multipliedBy(3);

	private static final Duration SILENCE = Duration.ofSeconds(2);

	private static final ScheduledExecutorService CLOCK = Executors.newSingleThreadScheduledExecutor();

	private final PrivateNetwork network = new PrivateNetwork(NODES);

	private final MariaDbServer server = new MariaDbServer("--bind-address=*");

	private final TokenIssuer issuer = newIssuer();

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private static Path folder;

	@SuppressWarnings("NullAway.Init")
	private Cluster cluster;

	/**
	 * The packets that are lost: with {@code AND} those both ways, with {@code TO} only
	 * those from the first to the second.
	 */
	enum Partition {

		NODE_AND_DATABASE, DATABASE_TO_NODE, NODE_TO_DATABASE, NODE_AND_NODE, NODE_TO_NODE, AGENTS_AND_NODE,
		AGENTS_TO_NODE, NODE_TO_AGENTS

	}

	private void begin(Partition partition) {
		String other = PrivateNetwork.host(1);
		int agents = this.cluster.node(0).agentPort();
		switch (partition) {
			case NODE_AND_DATABASE -> {
				this.network.dropFrom(0, PrivateNetwork.DATABASE);
				this.network.dropTo(0, PrivateNetwork.DATABASE);
			}
			case DATABASE_TO_NODE -> this.network.dropFrom(0, PrivateNetwork.DATABASE);
			case NODE_TO_DATABASE -> this.network.dropTo(0, PrivateNetwork.DATABASE);
			case NODE_AND_NODE -> {
				this.network.dropFrom(0, other);
				this.network.dropTo(0, other);
			}
			case NODE_TO_NODE -> this.network.dropTo(0, other);
			case AGENTS_AND_NODE -> {
				this.network.dropToPort(0, agents);
				this.network.dropFromPort(0, agents);
			}
			case AGENTS_TO_NODE -> this.network.dropToPort(0, agents);
			case NODE_TO_AGENTS -> this.network.dropFromPort(0, agents);
		}
	}

	private static TokenIssuer newIssuer() {
		try {
			return new TokenIssuer();
		}
		catch (IOException | JOSEException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@BeforeAll
	void start() throws Exception {
		String jwt = "spring.security.oauth2.resourceserver.jwt.";
		Path key = this.issuer.writePublicKey(folder);
		Access access = new Access(this::agentHeaders,
				bearer(this.issuer.token("*", "backend", "agent:call agent:push agent:read metrics:read admin")));
		this.cluster = Cluster.start(this.server, PrivateNetwork.DATABASE, NODES, access, SILENCE, PartitionIT::launch,
				"switchboard.security.mode=jwt", jwt + "public-key-location=file:" + key,
				jwt + "issuer-uri=" + this.issuer.url(""), jwt + "audiences=" + TokenIssuer.AUDIENCE,
				"switchboard.forwarding.secret=of-this-test-only-and-of-no-other", "switchboard.agent.heartbeat=3s",
				"switchboard.agent.reconnect-max=2s");
		this.cluster.connect("acme", AGENTS_EACH);
		CLOCK.scheduleWithFixedDelay(this.cluster::recordClaims, 0, 500, TimeUnit.MILLISECONDS);
	}

	private static GatewayProcess launch(int number, String... options) {
		List<String> all = new ArrayList<>(List.of(options));
		all.add("switchboard.node.address=" + PrivateNetwork.host(number));
		return GatewayProcess.launchIn(PrivateNetwork.namespace(number), PrivateNetwork.host(number),
				all.toArray(String[]::new));
	}

	private Map<String, String> agentHeaders(AgentId agent) {
		try {
			return bearer(this.issuer.token(agent.tenant(), agent.agent(), "agent:connect"));
		}
		catch (JOSEException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static Map<String, String> bearer(String token) {
		return Map.of("Authorization", "Bearer " + token);
	}

	@AfterAll
	void stop() {
		try (this.issuer; this.network; CLOCK) {
			CLOCK.shutdownNow();
			this.network.heal();
			this.cluster.close();
			this.server.stop();
		}
	}

	@ParameterizedTest
	@EnumSource
	void shouldHeal(Partition partition) {
		try (SteadyCalls calls = callsOfAllAtAll()) {
			begin(partition);
			awaitEndOfPartition(Instant.now());
			this.network.heal();
			calls.stop();
		}
		Instant healed = Instant.now();
		this.cluster.assertHealed();
		awaitAllCallable();
		System.out.printf("%s: all was well after %d ms%n", partition,
				Duration.between(healed, Instant.now()).toMillis());
	}

	@Test
	@DisplayName("an agent leaves a node that has lost the database | its old connection is closed as superseded")
	void shouldFenceTheConnectionOfANodeThatWasCutOff() {
		AgentId agent = new AgentId("acme", "agent-0");
		this.cluster.agents().move(agent, Cluster.agentAddress(this.cluster.node(0)));
		Entry.Opened old = Objects.requireNonNull(this.cluster.agents().connection(agent));
		begin(Partition.NODE_AND_DATABASE);
		Instant began = Instant.now();
		this.cluster.agents().move(agent, Cluster.agentAddress(this.cluster.node(1)));
		awaitEndOfPartition(began);
		this.network.heal();
		Cluster.await()
			.until(() -> this.cluster.history()
				.all(Entry.Closed.class)
				.anyMatch((closed) -> closed.connection().equals(old.connection())
						&& closed.code() == DisconnectReason.SUPERSEDED.code()));
		this.cluster.assertHealed();
	}

	private static void awaitEndOfPartition(Instant began) {
		Cluster.await().until(() -> Instant.now().isAfter(began.plus(PARTITION)));
	}

	/** Every agent called at every node. */
	private SteadyCalls callsOfAllAtAll() {
		List<SteadyCalls.Line> lines = new ArrayList<>();
		for (GatewayProcess node : this.cluster.nodes()) {
			this.cluster.agents().ids().forEach((agent) -> lines.add(new SteadyCalls.Line(node, agent)));
		}
		return new SteadyCalls(this.cluster.callers(), lines);
	}

	private void awaitAllCallable() {
		for (GatewayProcess node : this.cluster.nodes()) {
			for (AgentId agent : this.cluster.agents().ids()) {
				Cluster.await()
					.until(() -> this.cluster.callers()
						.call(node, ClusterCall.echo(agent))
						.get()
						.is(Outcome.COMPLETED));
			}
		}
		assertThat(this.cluster.nodes()).hasSize(NODES);
	}

}
