package dev.switchboard.cluster;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import dev.switchboard.GatewayProcess;
import dev.switchboard.agent.SwitchboardAgent;
import dev.switchboard.database.MariaDbServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

@DisplayName("Labels: shown and selected by at any node")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LabelsIT {

	private final Cluster cluster = Cluster.start(MariaDbServer.shared(), 2);

	@AfterAll
	void stop() {
		this.cluster.close();
	}

	private SwitchboardAgent agent(String id, GatewayProcess node, Map<String, String> labels) {
		SwitchboardAgent agent = SwitchboardAgent.builder()
			.identity("acme", id)
			.url(Cluster.agentAddress(node))
			.labels(labels)
			.agentVersion("1.2")
			.build();
		agent.start().join();
		return agent;
	}

	private JsonNode shown(GatewayProcess at, String agent) {
		return this.cluster.callers().get(at, "/v1/tenants/acme/agents/" + agent);
	}

	private List<String> selected(GatewayProcess at, String selector) {
		String query = "?status=online&selector=" + URLEncoder.encode(selector, StandardCharsets.UTF_8);
		return this.cluster.callers()
			.get(at, "/v1/tenants/acme/agents" + query)
			.path("agents")
			.valueStream()
			.map((agent) -> agent.path("agent").asString())
			.toList();
	}

	private void awaitSelected(String selector, String... agents) {
		this.cluster.nodes()
			.forEach((node) -> Cluster.await().until(() -> selected(node, selector), List.of(agents)::equals));
	}

	@Test
	@DisplayName("an agent gives labels, and later others | each node shows them, and selects by them")
	void shouldShowAndSelectAtAnyNode() {
		try (SwitchboardAgent first = agent("first", this.cluster.node(0), Map.of("env", "prod", "site", "Zürich 1"));
				SwitchboardAgent second = agent("second", this.cluster.node(1), Map.of("env", "test"))) {
			awaitSelected("env", "first", "second");
			awaitSelected("env in (prod,dev),site=\"Zürich 1\"", "first");
			awaitSelected("env!=prod,!site", "second");
			assertThat(List.of(first, second)).noneMatch((agent) -> agent.stopped().isDone());
			this.cluster.nodes().forEach((node) -> {
				assertThat(shown(node, "first").path("labels")).hasToString("{\"env\":\"prod\",\"site\":\"Zürich 1\"}");
				assertThat(shown(node, "first").path("agentVersion").asString()).isEqualTo("1.2");
			});
		}
		try (SwitchboardAgent again = agent("first", this.cluster.node(1), Map.of("env", "test"))) {
			awaitSelected("env=test", "first");
			awaitSelected("env=prod");
			awaitSelected("site");
			assertThat(again.stopped()).isNotDone();
		}
		this.cluster.nodes()
			.forEach((node) -> assertThat(shown(node, "first").path("labels")).hasToString("{\"env\":\"test\"}"));
	}

	@Test
	@DisplayName("the directory is emptied | the labels of connected agents come back by themselves")
	void shouldStoreLabelsAgainInAnEmptiedDirectory() {
		try (SwitchboardAgent agent = agent("kept", this.cluster.node(0), Map.of("kept", "yes"))) {
			awaitSelected("kept=yes", "kept");
			this.cluster.emptyDirectory();
			awaitSelected("kept=yes", "kept");
			assertThat(agent.stopped()).isNotDone();
		}
	}

}
