package dev.switchboard.handshake;

import java.util.List;
import java.util.stream.Stream;

import dev.switchboard.connection.AgentSessions;
import dev.switchboard.connection.ConnectionMetrics;
import dev.switchboard.connection.ConnectionRegistry;
import dev.switchboard.connection.ConnectionSettings;
import dev.switchboard.directory.AgentDirectory;
import dev.switchboard.listener.HttpGates;
import dev.switchboard.listener.PortGuards;
import dev.switchboard.node.NodeSettings;
import dev.switchboard.node.Nodes;
import dev.switchboard.problem.ProblemWriter;
import dev.switchboard.problem.SettingsRefusedException;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.quota.ByteBudget;
import dev.switchboard.time.Chance;
import dev.switchboard.time.TimeSource;
import dev.switchboard.transport.TakeoverUpgradeStrategy;
import dev.switchboard.transport.TransportSettings;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.web.server.adapter.WebHttpHandlerBuilder;

/** Wires the agent port. */
@Configuration(proxyBeanMethods = false)
class HandshakeConfiguration {

	@Bean
	SourceAdmission sourceAdmission(SourceSettings settings, TrustedProxies proxies, MeterRegistry meters,
			TimeSource time) {
		// Its keys are secrets, so they do not come from a source of jitter.
		return new SourceAdmission(settings, proxies, meters, () -> Chance.SYSTEM.uuid().getLeastSignificantBits(),
				time);
	}

	@Bean
	HandshakeAdmission handshakeAdmission(AgentPortSettings settings, SourceAdmission sources, NodeSettings node,
			ConnectionRegistry registry, AgentDirectory directory, ObjectProvider<HandshakeObstacle> obstacles,
			TimeSource time) {
		// A node that cannot store its claims does not take more connections either.
		HandshakeObstacle full = () -> registry.size() >= node.capacity() || directory.isCongested();
		return new HandshakeAdmission(settings.handshakeRate(), settings.handshakeRateOfTenant(), sources,
				Stream.concat(obstacles.stream(), Stream.of(full)).toList(), time);
	}

	@Bean
	TrustedProxies trustedProxies(ProxySettings settings) {
		TrustedProxies trusted = new TrustedProxies(settings.trustedProxies());
		if (settings.proxyProtocol() && trusted.isEmpty()) {
			throw new SettingsRefusedException(
					"switchboard.agent.proxy-protocol is on, but no proxy is trusted to send such headers.",
					"Name the networks of the proxies in switchboard.agent.trusted-proxies, for example 10.0.0.0/8");
		}
		return trusted;
	}

	@Bean
	Placement placement(AgentPortSettings settings, ConnectionRegistry registry, AgentDirectory directory, Nodes nodes,
			NodeId self, ObjectProvider<AgentObstacle> obstacle) {
		return new Placement(settings.placement(), registry, directory, nodes, self,
				obstacle.getIfAvailable(() -> AgentObstacle.NONE));
	}

	@Bean
	TakeoverUpgradeStrategy agentUpgrades(ConnectionSettings settings, TimeSource time) {
		return new TakeoverUpgradeStrategy(new TransportSettings(settings.messageBounds()), time);
	}

	@Bean
	AgentEndpoint agentEndpoint(AgentAuthenticator authenticator, TakeoverUpgradeStrategy upgrades,
			AgentSessions sessions, HandshakeAdmission admission, ObjectProvider<AgentCheck> checks,
			ObjectProvider<AgentObstacle> obstacle, Placement placement, TrustedProxies proxies,
			ConnectionMetrics metrics, ObjectProvider<RefusalListener> refusals, Chance chance) {
		return new AgentEndpoint(authenticator, upgrades, sessions, admission, checks.orderedStream().toList(),
				obstacle.getIfAvailable(() -> AgentObstacle.NONE), placement, new AgentAddress(proxies), metrics,
				refusals.orderedStream().toList(), new ProblemWriter(chance, HandshakeAdmission.RETRY_WITHIN));
	}

	@Bean
	AgentDoor agentDoor(HttpGates gates, PortGuards ports, SourceAdmission sources, TrustedProxies proxies,
			ConnectionMetrics metrics, AgentTlsSettings tls, AgentPortSettings port, ObjectProvider<SslBundles> bundles,
			MeterRegistry meters, Chance chance) {
		return new AgentDoor(gates, ports, sources, new AgentAddress(proxies), metrics::handshake, chance,
				AgentTls.of(tls, port, bundles.getIfAvailable(DefaultSslBundleRegistry::new), meters));
	}

	@Bean
	HandshakeBytes handshakeBytes(ByteBudget budget, MeterRegistry meters, Chance chance) {
		HandshakeBytes bytes = new HandshakeBytes(budget, chance);
		FunctionCounter.builder("switchboard.handshakes.evicted", bytes, HandshakeBytes::refused)
			.description("Handshakes that were closed because those that are not complete took too many bytes")
			.register(meters);
		return bytes;
	}

	@Bean
	AgentServer agentServer(AgentPortSettings settings, AgentEndpoint endpoint, HandshakeAdmission admission,
			ConnectionRegistry registry, ReactorResourceFactory resources, TakeoverUpgradeStrategy upgrades,
			ProxySettings proxySettings, TrustedProxies proxies, AgentDoor door, HandshakeBytes bytes,
			MeterRegistry meters, TimeSource time) {
		ProxyHeader header = proxySettings.proxyProtocol() ? new ProxyHeader(proxies, meters, time) : null;
		return new AgentServer(settings, WebHttpHandlerBuilder.webHandler(endpoint).build(), admission, registry,
				resources.getLoopResources(), upgrades::openSessions, new AcceptFailures(meters, time), header, door,
				bytes, time);
	}

}
