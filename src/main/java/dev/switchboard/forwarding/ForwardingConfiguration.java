package dev.switchboard.forwarding;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

import dev.switchboard.connection.ConnectionRegistry;
import dev.switchboard.connection.ConnectionSettings;
import dev.switchboard.connection.SupersedeNotice;
import dev.switchboard.database.DatabaseSettings;
import dev.switchboard.listener.CallAdmission;
import dev.switchboard.listener.PortGuards;
import dev.switchboard.listener.RefusedRequests;
import dev.switchboard.node.Nodes;
import dev.switchboard.problem.SettingsRefusedException;
import dev.switchboard.protocol.DisconnectReason;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.routing.BulkForwarder;
import dev.switchboard.routing.NodeQuestion;
import dev.switchboard.time.Chance;
import dev.switchboard.time.TimeSource;
import dev.switchboard.tls.TlsEnd;
import dev.switchboard.tls.TlsHandshakes;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.ChannelHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import org.jspecify.annotations.Nullable;
import reactor.netty.resources.LoopResources;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ReactorResourceFactory;

/** Wires the requests that this node sends to other nodes, and those that it receives. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({ ForwardingSettings.class, ForwardingTlsSettings.class })
class ForwardingConfiguration {

	private static final Duration LIST_LIMIT = Duration.ofSeconds(1);

	private static final Duration NOTICE_LIMIT = Duration.ofSeconds(2);

	/** The number of bytes by which a request's body may exceed the frame limit. */
	private static final int SLACK = 32 * 1024;

	@Bean
	ForwardingMetrics forwardingMetrics(MeterRegistry registry) {
		return new ForwardingMetrics(registry);
	}

	@Bean(destroyMethod = "close")
	AddressResolverGroup<InetSocketAddress> nodeResolver(ReactorResourceFactory resources) {
		LoopResources loops = resources.getLoopResources();
		return new DnsAddressResolverGroup(new DnsNameResolverBuilder()
			.datagramChannelType(loops.onChannelClass(DatagramChannel.class, loops.onClient(true))));
	}

	@Bean
	Peers peers(ForwardingSettings settings, ReactorResourceFactory resources,
			AddressResolverGroup<InetSocketAddress> resolver, ForwardingMetrics metrics, ForwardingTlsSettings tls,
			ObjectProvider<SslBundles> bundles, TimeSource time) {
		return new Peers(settings, resources.getLoopResources(), resolver, metrics, time, tls.connecting(bundles));
	}

	@Bean
	PeerForwarder peerForwarder(Peers peers) {
		return new PeerForwarder(peers);
	}

	@Bean
	BulkForwarder.Factory bulkForwarders(Peers peers, ForwardingMetrics metrics, TimeSource time) {
		return (timeToLive) -> new BulkPeerForwarder(peers, timeToLive, metrics, time);
	}

	@Bean
	PeerChecks peerChecks(NodeId self, Nodes nodes, Peers peers, ForwardingServer server, ConnectionRegistry registry,
			MeterRegistry meters, Chance chance) {
		// No other node could call the agents that came before the first round.
		Runnable turnAway = () -> registry.forEach((connection) -> connection.close(DisconnectReason.TRY_LATER));
		PeerChecks checks = new PeerChecks(self, () -> nodes.list(LIST_LIMIT), (node) -> PeerCheck.of(node, peers),
				server.door()::uptime, turnAway, chance);
		Gauge.builder("switchboard.forwarding.refusing", checks, PeerChecks::refusing)
			.description("Other nodes that do not accept the secret of this node")
			.register(meters);
		FunctionCounter.builder("switchboard.forwarding.refused", server.door(), Doorkeeper::refused)
			.description("Requests without the secret of this node, which it refused")
			.register(meters);
		FunctionCounter
			.builder("switchboard.forwarding.strangers", server.door(), (door) -> door.strangers().turnedAway())
			.description("Connections closed because the peer did not show the secret in time")
			.register(meters);
		return checks;
	}

	@Bean
	ForwardingHealth forwardingHealthIndicator(PeerChecks checks, ForwardingServer server) {
		return new ForwardingHealth(checks, server.door());
	}

	@Bean
	SupersedeNotices supersedeNotices(Peers peers, Nodes nodes, Chance chance) {
		return new SupersedeNotices((node) -> nodes.find(node, NOTICE_LIMIT), (node, agents) -> peers.send(node,
				new PeerRequest<>(SupersedeNotices.KIND, null, NOTICE_LIMIT, (_) -> agents.message(), (_) -> null)),
				chance);
	}

	@Bean
	ForwardingServer forwardingServer(ForwardingSettings settings, ConnectionRegistry registry, SupersedeNotice notice,
			List<NodeQuestion> questions, ConnectionSettings connections, ReactorResourceFactory resources,
			SecretPolicy secrets, DatabaseSettings database, MeterRegistry meters,
			ObjectProvider<CallAdmission.Loops> admissions, PortGuards ports, ForwardingTlsSettings tls,
			ObjectProvider<SslBundles> bundles, TimeSource time) {
		boolean mayListen = settings.secret() != null || tls.bundle() != null || !secrets.required();
		if (!mayListen && database.isShared()) {
			throw new SettingsRefusedException(
					"In jwt mode nodes that share a directory show each other a secret or a certificate, and none is set.",
					"Set switchboard.forwarding.secret, the same for all nodes, or switchboard.forwarding.ssl.bundle");
		}
		return new ForwardingServer(settings, mayListen, RequestHandlers.of(registry, notice, questions),
				connections.maxFrameBytes() + SLACK, resources.getLoopResources(),
				new RefusedRequests("forwarding", meters, time),
				admissions.getIfAvailable(() -> CallAdmission.Loops.ALWAYS),
				accepting(ports, tls.accepting(bundles), meters), time);
	}

	/** Returns what stands before the acceptor of connections. */
	private static ChannelHandler accepting(PortGuards ports, @Nullable TlsEnd tls, MeterRegistry meters) {
		return (tls != null) ? new SecuredAcceptor(ports.forwarding(), tls,
				new TlsHandshakes("forwarding", Strangers.PATIENCE, meters)) : ports.forwarding();
	}

}
