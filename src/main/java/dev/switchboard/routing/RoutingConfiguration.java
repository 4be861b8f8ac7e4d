package dev.switchboard.routing;

import java.time.Duration;
import java.util.List;

import dev.switchboard.connection.ConnectionRegistry;
import dev.switchboard.directory.AgentDirectory;
import dev.switchboard.directory.AgentRecord;
import dev.switchboard.directory.FlappingAgents;
import dev.switchboard.label.Descriptions;
import dev.switchboard.node.DirectoryClock;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.node.Nodes;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.tenant.Admittance;
import dev.switchboard.time.TimeSource;
import reactor.core.publisher.Mono;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the router and the presence of agents. */
@Configuration(proxyBeanMethods = false)
class RoutingConfiguration {

	@Bean
	Absence absence(AgentDirectory directory) {
		return new Absence(directory::takesClaims);
	}

	@Bean
	AgentRouter agentRouter(ConnectionRegistry registry, AgentDirectory directory, Forwarder forwarder,
			DirectoryClock clock, NodeId self, TimeSource time, Absence absence, Admittance admittance) {
		return new AgentRouter(registry, new Locations(lookup(directory), self, time, absence, admittance), forwarder,
				directory::awaitElsewhere, time, clock::now, absence);
	}

	private static Locations.Lookup lookup(AgentDirectory directory) {
		return new Locations.Lookup() {
			@Override
			public Mono<AgentRecord> find(AgentId agent, Duration limit) {
				return directory.locate(agent, limit);
			}

			@Override
			public Mono<List<AgentRecord>> findAll(List<AgentId> agents, Duration limit) {
				return directory.findAll(agents, limit);
			}
		};
	}

	@Bean
	TenantUsage tenantUsage(ConnectionRegistry registry, Nodes nodes, Forwarder forwarder, NodeId self) {
		return new TenantUsage((tenant) -> TenantUsage.here(registry, tenant), nodes::list, forwarder, self);
	}

	@Bean
	NodeQuestion usageQuestion(ConnectionRegistry registry) {
		return new NodeQuestion(TenantUsage.KIND,
				(tenant) -> Mono.fromSupplier(() -> TenantUsage.here(registry, tenant).json()));
	}

	@Bean
	Presence presence(ConnectionRegistry registry, AgentDirectory directory, DirectoryClock clock, NodeId self,
			FlappingAgents flapping, Descriptions descriptions, Absence absence) {
		return new Presence(registry, directory::locate, new AgentListing(directory, descriptions), descriptions::find,
				self, flapping::contains, clock::now, absence);
	}

}
