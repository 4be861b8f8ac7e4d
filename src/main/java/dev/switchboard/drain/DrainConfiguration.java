package dev.switchboard.drain;

import java.time.Duration;

import dev.switchboard.call.Recorder;
import dev.switchboard.connection.ConnectionRegistry;
import dev.switchboard.forwarding.ForwardingServer;
import dev.switchboard.handshake.AgentPortSettings;
import dev.switchboard.handshake.HandshakeObstacle;
import dev.switchboard.listener.ApiConnections;
import dev.switchboard.log.UnblockedLog;
import dev.switchboard.node.DirectoryClock;
import dev.switchboard.node.Membership;
import dev.switchboard.node.Nodes;
import dev.switchboard.problem.SettingsRefusedException;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.routing.Forwarder;
import dev.switchboard.routing.NodeQuestion;
import dev.switchboard.time.Chance;
import io.micrometer.core.instrument.MeterRegistry;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the drain of this node. */
@Configuration(proxyBeanMethods = false)
class DrainConfiguration {

	private static final Duration LIST_LIMIT = Duration.ofSeconds(1);

	@Bean
	GoAways goAways(Chance chance, MeterRegistry meters) {
		return new GoAways(chance, meters);
	}

	@Bean
	DrainedNode drainedNode(ApplicationEventPublisher events, ConnectionRegistry registry, ApiConnections api,
			ObjectProvider<Membership> membership, Nodes nodes, NodeId self, AgentPortSettings agents,
			ObjectProvider<ForwardingServer> forwarding, ObjectProvider<Recorder> recorder, DirectoryClock clock) {
		Mono<Destinations> listing = listing(nodes, self, agents.handshakeRate());
		return new DrainedNode((ready) -> readiness(events, ready), registry, api,
				(until) -> membership.getObject().publish(until), () -> listing,
				() -> forwarding.getObject().unanswered(), () -> recorder.getObject().unfinished(), clock::now);
	}

	private static Mono<Destinations> listing(Nodes nodes, NodeId self, int ownRate) {
		return nodes.list(LIST_LIMIT)
			.map((all) -> Destinations.among(all, self, nodes::isWithinLease, ownRate))
			.onErrorReturn(Destinations.unknown(ownRate));
	}

	@Bean
	AgentMoves agentMoves(ConnectionRegistry registry, GoAways goAways, Nodes nodes, NodeId self,
			AgentPortSettings agents, Chance chance) {
		Mono<Destinations> listing = listing(nodes, self, agents.handshakeRate());
		return new AgentMoves(registry, goAways, () -> listing, chance);
	}

	private static void readiness(ApplicationEventPublisher events, boolean ready) {
		AvailabilityChangeEvent.publish(events, ready,
				ready ? ReadinessState.ACCEPTING_TRAFFIC : ReadinessState.REFUSING_TRAFFIC);
	}

	@Bean
	Drain drain(DrainSettings settings, DrainedNode node, GoAways goAways, Chance chance) {
		if (settings.announce().compareTo(settings.within()) >= 0) {
			throw new SettingsRefusedException(
					"switchboard.drain.announce (" + settings.announce().toMillis()
							+ " ms) leaves no time of switchboard.drain.within (" + settings.within().toMillis()
							+ " ms) for agents to move.",
					"Make switchboard.drain.announce shorter than switchboard.drain.within");
		}
		return new Drain(settings, new DrainSteps(node, goAways, chance));
	}

	@Bean
	ProcessEnd processEnd(Drain drain) {
		return new ProcessEnd(drain, System::exit, DrainConfiguration::halt);
	}

	/** Ends the process without its shutdown hooks, but writes the log first. */
	private static void halt(int status) {
		UnblockedLog.stop();
		Runtime.getRuntime().halt(status);
	}

	@Bean
	DrainMetrics drainMetrics(Drain drain) {
		return new DrainMetrics(drain);
	}

	/** Makes this node accept no agents while it drains. */
	@Bean
	HandshakeObstacle drainObstacle(Drain drain) {
		return new DrainObstacle(drain);
	}

	@Bean
	NodeDrains nodeDrains(NodeId self, Nodes nodes, Forwarder forwarder, Drain drain) {
		return new NodeDrains(self, nodes, forwarder, drain);
	}

	@Bean
	NodeQuestion drainQuestion(NodeDrains drains) {
		return drains.question();
	}

}
