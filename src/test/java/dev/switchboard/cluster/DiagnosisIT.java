package dev.switchboard.cluster;

import java.util.List;

import dev.switchboard.GatewayProcess;
import dev.switchboard.database.MariaDbServer;
import dev.switchboard.protocol.AgentId;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

@DisplayName("The diagnosis of an agent, at any of three nodes")
class DiagnosisIT {

	private static final AgentId AGENT = new AgentId("mobile", "traveller");

	@Test
	@DisplayName("an agent that has moved from node to node | every node has what all of them know")
	void shouldGatherWhatAllNodesKnow() {
		try (Cluster cluster = Cluster.start(MariaDbServer.shared(), 3)) {
			cluster.agents().connect(List.of(AGENT), Cluster.agentAddress(cluster.node(0)));
			cluster.agents().move(AGENT, Cluster.agentAddress(cluster.node(1)));
			cluster.agents().move(AGENT, Cluster.agentAddress(cluster.node(2)));
			for (GatewayProcess node : cluster.nodes()) {
				Cluster.await().untilAsserted(() -> {
					JsonNode diagnosis = diagnose(cluster, node);
					assertThat(diagnosis.path("reachable").asBoolean(false)).as(diagnosis.toString()).isTrue();
					assertThat(diagnosis.path("node").asString("")).isEqualTo(cluster.id(cluster.node(2)).toString());
					assertThat(diagnosis.path("lastCloses")).extracting((close) -> close.get("node").asString())
						.containsExactly(cluster.id(cluster.node(1)).toString(),
								cluster.id(cluster.node(0)).toString());
					assertThat(diagnosis.path("lastCloses"))
						.allSatisfy((close) -> assertThat(close.get("code").asInt()).isEqualTo(4501));
				});
			}
			cluster.assertHealed();
		}
	}

	private static JsonNode diagnose(Cluster cluster, GatewayProcess node) {
		return cluster.callers().get(node, "/v1/tenants/mobile/agents/traveller/diagnosis");
	}

}
