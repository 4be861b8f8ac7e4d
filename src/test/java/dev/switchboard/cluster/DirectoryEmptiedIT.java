package dev.switchboard.cluster;

import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.switchboard.GatewayProcess;
import dev.switchboard.database.MariaDbServer;
import dev.switchboard.problem.Outcome;
import dev.switchboard.protocol.AgentId;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
@DisplayName("The directory emptied: nodes make it again, and claim their agents anew")
class DirectoryEmptiedIT {

	private static final int AGENTS_EACH = 50;

	@Test
	@DisplayName("dropped and created again | every agent is callable at the other node, without a hand")
	void shouldHealWithoutAHand() {
		try (Cluster cluster = Cluster.start(MariaDbServer.shared(), 2)) {
			List<AgentId> agents = cluster.connect("acme", AGENTS_EACH);
			cluster.emptyDirectory();
			agents.subList(0, AGENTS_EACH).forEach((agent) -> awaitCallable(cluster, cluster.node(1), agent));
			agents.subList(AGENTS_EACH, agents.size())
				.forEach((agent) -> awaitCallable(cluster, cluster.node(0), agent));
			cluster.assertHealed();
		}
	}

	private static void awaitCallable(Cluster cluster, GatewayProcess at, AgentId agent) {
		Cluster.await()
			.until(() -> cluster.callers()
				.call(at, ClusterCall.echo(agent))
				.get(30, TimeUnit.SECONDS)
				.is(Outcome.COMPLETED));
	}

}
