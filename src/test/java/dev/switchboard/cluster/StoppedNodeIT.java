package dev.switchboard.cluster;

import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.switchboard.GatewayProcess;
import dev.switchboard.database.MariaDbServer;
import dev.switchboard.problem.Outcome;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.DisconnectReason;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

@Tag("slow")
@DisplayName("A node that is stopped for a while (SIGSTOP)")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StoppedNodeIT {

	private static final int AGENTS_EACH = 8;

	private static final Duration PATIENCE = Duration.ofMinutes(2);

	private final MariaDbServer server = new MariaDbServer();

	private final Cluster cluster = Cluster.start(this.server, 2, "switchboard.agent.heartbeat=8s");

	private final GatewayProcess one = this.cluster.node(0);

	private final GatewayProcess two = this.cluster.node(1);

	private List<AgentId> ofOne = List.of();

	@BeforeAll
	void connect() {
		this.ofOne = this.cluster.connect("acme", AGENTS_EACH).subList(0, AGENTS_EACH);
	}

	@AfterEach
	void resume() {
		this.one.resume();
	}

	@AfterAll
	void stop() {
		this.cluster.close();
		this.server.stop();
	}

	@ParameterizedTest(name = "{0} s")
	@ValueSource(longs = { 6, 20 })
	@DisplayName("calls wait | no agent is taken for silent, and every call is answered")
	void shouldCloseNobodyAndAnswerEveryCall(long seconds) throws Exception {
		for (AgentId agent : this.ofOne) {
			this.cluster.agents().move(agent, Cluster.agentAddress(this.one));
		}
		long closed = closedFor(DisconnectReason.HEARTBEAT_MISSED);
		List<CompletableFuture<Ending>> calls = new ArrayList<>();
		for (AgentId agent : this.ofOne) {
			calls.add(this.cluster.callers()
				.call(this.one, ClusterCall.echo(agent).after(Duration.ofSeconds(seconds + 8)).within(PATIENCE)));
		}
		// The calls wait until their agents are pinged.
		Instant began = Instant.now();
		Cluster.await().until(() -> Instant.now().isAfter(began.plusSeconds(5)));
		stopFor(Duration.ofSeconds(seconds));
		for (CompletableFuture<Ending> call : calls) {
			assertThat(call.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).extracting(Ending::outcome)
				.isEqualTo(Outcome.COMPLETED);
		}
		assertThat(closedFor(DisconnectReason.HEARTBEAT_MISSED)).isEqualTo(closed);
		this.cluster.assertHealed();
	}

	@Test
	@DisplayName("two leases; its agents move meanwhile, and leave their old connections open | it answers nothing from those")
	void shouldAnswerNothingFromConnectionsThatWereSuperseded() throws Exception {
		for (AgentId agent : this.ofOne) {
			this.cluster.agents().move(agent, Cluster.agentAddress(this.one));
		}
		long received = received();
		List<CompletableFuture<Ending>> waiting = new ArrayList<>();
		for (AgentId agent : this.ofOne) {
			waiting.add(this.cluster.callers()
				.call(this.one, ClusterCall.echo(agent).after(Duration.ofSeconds(3)).within(PATIENCE)));
		}
		Cluster.await().until(() -> received() == received + this.ofOne.size());
		this.one.suspend();
		Instant stopped = Instant.now();
		for (AgentId agent : this.ofOne) {
			this.cluster.agents().move(agent, Cluster.agentAddress(this.two));
		}
		Cluster.await().until(() -> Instant.now().isAfter(stopped.plus(Cluster.LEASE.multipliedBy(2))));
		List<CompletableFuture<Ending>> late = new ArrayList<>();
		for (AgentId agent : this.ofOne) {
			late.add(this.cluster.callers().call(this.one, ClusterCall.echo(agent).within(PATIENCE)));
		}
		this.one.resume();
		for (CompletableFuture<Ending> call : waiting) {
			assertThat(call.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).problem()).isEqualTo("agent-disconnected");
		}
		for (CompletableFuture<Ending> call : late) {
			Ending ending = call.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
			assertThat(ending.is(Outcome.COMPLETED) || ending.is(Outcome.NOT_SENT)).as("%s", ending).isTrue();
		}
		assertNothingCameByOldConnections();
		this.cluster.assertHealed();
	}

	@Test
	@DisplayName("handshakes come meanwhile, whose clients then give up | it drops them, and supersedes no connection")
	void shouldDropHandshakesWhoseClientsHaveGone() throws Exception {
		for (AgentId agent : this.ofOne) {
			this.cluster.agents().move(agent, Cluster.agentAddress(this.two));
		}
		this.cluster.assertHealed();
		long superseded = closedFor(DisconnectReason.SUPERSEDED);
		double accepted = handshakes("accepted");
		this.one.suspend();
		for (AgentId agent : this.ofOne) {
			try (Socket client = new Socket(InetAddress.getLoopbackAddress(), this.one.agentPort())) {
				client.getOutputStream().write(handshake(agent).getBytes(StandardCharsets.US_ASCII));
			}
		}
		this.one.resume();
		// Netty drops some of them itself, when it reads the end with the request.
		Cluster.await().until(() -> handshakes("gone") > 0);
		// The node takes connections in their order, so this one comes after all of them.
		this.cluster.agents().move(this.ofOne.getFirst(), Cluster.agentAddress(this.one));
		Cluster.await().until(() -> closedFor(DisconnectReason.SUPERSEDED) > superseded);
		this.cluster.assertHealed();
		assertThat(handshakes("accepted")).isEqualTo(accepted + 1);
		assertThat(closedFor(DisconnectReason.SUPERSEDED)).isEqualTo(superseded + 1);
	}

	private double handshakes(String result) {
		return this.cluster.metric(this.one, "switchboard_handshakes_total", "result=\"" + result + "\"");
	}

	private static String handshake(AgentId agent) {
		return "GET /v1/connect?tenant=" + agent.tenant() + "&agent=" + agent.agent()
				+ " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
				+ "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
				+ "Sec-WebSocket-Protocol: switchboard.v1.json\r\n\r\n";
	}

	/** Asserts that every call came to its agent on the agent's newest connection. */
	private void assertNothingCameByOldConnections() {
		List<Entry> entries = this.cluster.history().entries();
		for (AgentId agent : this.ofOne) {
			Entry.Opened newest = null;
			for (Entry entry : entries) {
				if (entry instanceof Entry.Opened opened && opened.agent().equals(agent)) {
					newest = opened;
				}
				else if (entry instanceof Entry.Received received && received.agent().equals(agent)) {
					assertThat(received.connection()).isEqualTo(Objects.requireNonNull(newest).connection());
				}
			}
		}
	}

	private void stopFor(Duration time) {
		this.one.suspend();
		Instant stopped = Instant.now();
		Cluster.await().until(() -> Instant.now().isAfter(stopped.plus(time)));
		this.one.resume();
	}

	private long received() {
		return this.cluster.history().all(Entry.Received.class).count();
	}

	private long closedFor(DisconnectReason reason) {
		return this.cluster.history()
			.all(Entry.Closed.class)
			.filter((closed) -> closed.code() == reason.code())
			.count();
	}

}
