package dev.switchboard.contract;

import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import dev.switchboard.GatewayProcess;
import dev.switchboard.simulator.agents.AgentOptions;
import dev.switchboard.simulator.agents.AgentStats;
import dev.switchboard.simulator.agents.SimulatedAgents;
import dev.switchboard.simulator.agents.Sockets;
import dev.switchboard.simulator.agents.StopSignal;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

@DisplayName("Simulated agents")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SimulatedAgentsIT {

	private static final int AGENTS = 20;

	private final GatewayProcess gateway = GatewayProcess.start("switchboard.agent.reconnect-min=50ms",
			"switchboard.agent.reconnect-max=200ms");

	private final Caller caller = new Caller(this.gateway);

	private final String tenant = "/v1/tenants/" + Identity.fresh().tenant();

	private final AgentStats stats = new AgentStats();

	private final StopSignal patience = new StopSignal();

	SimulatedAgentsIT() {
		this.patience.stopAfter(60, TimeUnit.SECONDS);
	}

	@AfterAll
	void stop() {
		this.gateway.close();
	}

	private AgentOptions options() {
		AgentOptions options = CommandLine.populateCommand(new AgentOptions(), "--agents=" + AGENTS,
				"--tenant=" + this.tenant.substring("/v1/tenants/".length()), "--reconnect", "--events-per-second=200");
		options.urls = List.of(URI.create(this.gateway.agent("").toString()));
		options.prepare();
		return options;
	}

	private int online() throws Exception {
		return Json.parse(this.caller.get(this.tenant + "/agents?status=online")).get("agents").size();
	}

	/** Pushes to all agents, and returns how many pushes are queued. */
	private int push() throws Exception {
		HttpResponse<String> answer = this.caller.postBytes(this.tenant + "/fleet-pushes",
				"{\"method\":\"note\",\"selector\":\"\",\"durable\":true}".getBytes(UTF_8), "Content-Type",
				"application/json");
		JsonNode summary = Json.parse(answer.body().lines().reduce("", (_, last) -> last));
		return summary.at("/summary/queued").asInt();
	}

	/** The ids of all events of agents that the log has. */
	private Set<String> logged() throws Exception {
		Set<String> ids = new HashSet<>();
		String after = "";
		while (true) {
			JsonNode page = Json
				.parse(this.caller.get(this.tenant + "/events?type=switchboard.event&limit=1000" + after));
			page.get("events").forEach((event) -> ids.add(event.get("source").asString() + event.get("id").asString()));
			if (page.get("events").isEmpty()) {
				return ids;
			}
			after = "&after=" + page.get("next").asString();
		}
	}

	@Test
	@DisplayName("disconnected again and again | their events are all in the log, and each push is processed once")
	void shouldLoseNoEventsAndProcessEachPushOnce() throws Exception {
		try (Sockets sockets = new Sockets(1);
				SimulatedAgents agents = new SimulatedAgents(options(), sockets, this.stats)) {
			assertThat(agents.awaitConnected(this.patience)).isTrue();
			Awaitility.await().until(this::online, (online) -> online == AGENTS);
			int queued = 0;
			for (int round = 0; round < 5; round++) {
				queued += push();
				for (int number = 0; number < AGENTS; number++) {
					this.caller.delete(this.tenant + "/agents/agent-" + number + "/connection");
				}
			}
			assertThat(queued).isEqualTo(5 * AGENTS);
			Awaitility.await()
				.atMost(Duration.ofMinutes(1))
				.untilAsserted(
						() -> assertThat(this.stats.processed.sum()).as(this.stats::toString).isEqualTo(5 * AGENTS));
			agents.finishEvents(this.patience);
			long acknowledged = Objects.requireNonNull(this.stats.events()).acknowledged();
			assertThat(acknowledged).isPositive();
			assertThat(logged()).hasSize((int) acknowledged);
			System.out.printf("%s%n%s%n", this.stats, this.stats.events());
		}
		assertThat(this.stats.processed.sum()).isEqualTo(5 * AGENTS);
	}

}
