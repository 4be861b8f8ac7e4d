package dev.switchboard.rebalance;

import java.time.Duration;

import dev.switchboard.connection.AgentConnection;
import dev.switchboard.connection.ConnectionRegistry;
import dev.switchboard.directory.AgentDirectory;
import dev.switchboard.drain.AgentMoves;
import dev.switchboard.drain.Drain;
import dev.switchboard.handshake.AgentPortSettings;
import dev.switchboard.handshake.HandshakeAdmission;
import dev.switchboard.node.DirectoryClock;
import dev.switchboard.node.Membership;
import dev.switchboard.node.Nodes;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.routing.Forwarder;
import dev.switchboard.routing.NodeQuestion;
import dev.switchboard.time.Chance;
import dev.switchboard.time.Periodic;
import dev.switchboard.time.TimeSource;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the rebalance. */
@Configuration(proxyBeanMethods = false)
class RebalanceConfiguration {

	private static final Logger logger = LoggerFactory.getLogger(Rebalance.class);

	private static final Duration LIST_LIMIT = Duration.ofSeconds(1);

	@Bean
	MovingAgents movingAgents(ConnectionRegistry registry, TimeSource time, MeterRegistry meters) {
		return new MovingAgents(registry, time, meters);
	}

	@Bean
	RebalancedNode rebalancedNode(NodeId self, AgentPortSettings agents, Nodes nodes, ConnectionRegistry registry,
			ObjectProvider<Membership> membership, ObjectProvider<HandshakeAdmission> admission,
			AgentDirectory directory, Drain drain, DirectoryClock clock) {
		return new RebalancedNode(self, agents.handshakeRate(), () -> nodes.list(LIST_LIMIT), nodes::isWithinLease,
				registry::size, () -> membership.getObject().publish(), () -> admission.getObject().isOpen(),
				directory::isCongested, drain::isDraining, clock::now);
	}

	@Bean
	RebalanceState rebalanceState(RebalanceSettings settings, DirectoryClock clock, TimeSource time) {
		return new RebalanceState(settings, clock::now, time);
	}

	@Bean
	OtherNodes otherNodes(NodeId self, Forwarder forwarder) {
		return new OtherNodes(self, forwarder);
	}

	@Bean
	Rebalance rebalance(RebalanceSettings settings, RebalancedNode node, RebalanceState state, OtherNodes others,
			MovingAgents moving, AgentMoves moves, Chance chance, TimeSource time, MeterRegistry meters) {
		Counter ignored = Counter.builder("switchboard.rebalance.ignored")
			.description("Agents that were asked to move for a rebalance, and did not")
			.register(meters);
		AskedAgents<AgentConnection> asked = new AskedAgents<>((connection) -> !connection.accepts(),
				ignored::increment);
		return new Rebalance(settings, node, state, others, moving, moves, asked, chance, time);
	}

	@Bean
	RebalanceMetrics rebalanceMetrics(RebalanceSettings settings, Rebalance rebalance, RebalanceState state) {
		return new RebalanceMetrics(rebalance, state, settings.threshold());
	}

	@Bean
	Rebalances rebalances(RebalanceSettings settings, RebalancedNode node, RebalanceState state, OtherNodes others,
			MovingAgents moving) {
		return new Rebalances(settings, node, state, others, moving);
	}

	@Bean
	NodeQuestion rebalanceQuestion(Rebalances rebalances) {
		return rebalances.question();
	}

	@Bean(initMethod = "start", destroyMethod = "dispose")
	Periodic rebalanceLooks(Rebalance rebalance) {
		return new Periodic(rebalance::pause, rebalance::look,
				(failure) -> logger.debug("The nodes could not be looked at: {}", failure.toString()));
	}

}
