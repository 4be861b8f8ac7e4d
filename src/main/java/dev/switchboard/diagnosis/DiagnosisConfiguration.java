package dev.switchboard.diagnosis;

import dev.switchboard.connection.ConnectionRegistry;
import dev.switchboard.node.DirectoryClock;
import dev.switchboard.node.Nodes;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.routing.Forwarder;
import dev.switchboard.routing.NodeQuestion;
import dev.switchboard.routing.Presence;
import dev.switchboard.tenant.Admittance;
import dev.switchboard.time.TimeSource;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the memory of what happened to agents, and the diagnoses. */
@Configuration(proxyBeanMethods = false)
class DiagnosisConfiguration {

	@Bean
	AgentHistories agentHistories(DiagnosisSettings settings, NodeId self, DirectoryClock clock, TimeSource time,
			MeterRegistry meters) {
		return new AgentHistories(settings.maxEntries(), self, clock::now, time, meters);
	}

	@Bean(initMethod = "start")
	RecentCalls recentCalls(AgentHistories histories, TimeSource time) {
		return new RecentCalls(histories, time);
	}

	@Bean
	NodeKnowledge nodeKnowledge(ConnectionRegistry registry, AgentHistories histories, RecentCalls calls) {
		return new NodeKnowledge(registry, histories, calls);
	}

	@Bean
	NodeQuestion diagnosisQuestion(NodeKnowledge knowledge) {
		return new NodeQuestion(NodeKnowledge.KIND, knowledge::answer);
	}

	@Bean
	Diagnoses diagnoses(NodeKnowledge knowledge, Presence presence, Nodes nodes, Forwarder forwarder, NodeId self,
			Admittance admittance) {
		return new Diagnoses(knowledge, presence, nodes::list, forwarder, self, admittance::refusal);
	}

}
