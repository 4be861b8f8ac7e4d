package dev.switchboard.usage;

import dev.switchboard.connection.ConnectionRegistry;
import dev.switchboard.node.Nodes;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.quota.TenantLimits;
import dev.switchboard.routing.Forwarder;
import dev.switchboard.routing.NodeQuestion;
import dev.switchboard.time.Chance;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the division of quotas among the nodes. */
@Configuration(proxyBeanMethods = false)
class UsageConfiguration {

	@Bean(destroyMethod = "stop")
	UseExchange useExchange(TenantLimits limits, Nodes nodes, Forwarder forwarder, NodeId self, Chance chance) {
		return new UseExchange(limits, nodes::list, forwarder, self, chance);
	}

	@Bean
	SmartInitializingSingleton useExchangeStart(UseExchange exchange) {
		return exchange::start;
	}

	@Bean
	ConnectionQuotas connectionQuotas(TenantLimits limits, ConnectionRegistry registry) {
		return new ConnectionQuotas(limits, (agent) -> registry.newest(agent) != null);
	}

	/** The forwarder may need the questions, and the exchange needs the forwarder. */
	@Bean
	NodeQuestion useQuestion(ObjectProvider<UseExchange> exchange) {
		return new NodeQuestion(UseExchange.KIND,
				(asker) -> Mono.fromSupplier(() -> exchange.getObject().answer(asker)));
	}

}
