package dev.switchboard.forwarding;

import java.time.Duration;
import java.util.List;

import dev.switchboard.connection.ConnectionRegistry;
import dev.switchboard.connection.ConnectionSettings;
import dev.switchboard.database.DatabaseSettings;
import dev.switchboard.directory.AgentDirectory;
import dev.switchboard.node.Nodes;
import dev.switchboard.problem.SettingsRefusedException;
import dev.switchboard.routing.NodeQuestion;
import dev.switchboard.security.SecuritySettings;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ReactorResourceFactory;

/** Wires both ends of forwarding. */
@Configuration(proxyBeanMethods = false)
class ForwardingConfiguration {

	private static final String SECRET = "switchboard.forwarding.secret";

	private static final Duration NOTICE_LIMIT = Duration.ofSeconds(2);

	/** What a call has on top of the frame that it becomes. */
	private static final int SLACK = 32 * 1024;

	@Bean
	ForwardingMetrics forwardingMetrics(MeterRegistry registry) {
		return new ForwardingMetrics(registry);
	}

	@Bean
	Peers peers(ForwardingSettings settings, ReactorResourceFactory resources, ForwardingMetrics metrics) {
		return new Peers(settings, resources.getLoopResources(), metrics);
	}

	@Bean
	PeerForwarder nodeForwarder(Peers peers) {
		return new PeerForwarder(peers);
	}

	@Bean
	SupersedeNotices supersedeNotices(Peers peers, Nodes nodes, AgentDirectory directory) {
		SupersedeNotices notices = new SupersedeNotices((node) -> nodes.find(node, NOTICE_LIMIT),
				(node, agents) -> peers.send(node, new PeerRequest<>(SupersedeNotices.KIND, null, NOTICE_LIMIT,
						(_) -> agents.message(), (_) -> null)));
		directory.onDisplaced(notices::add);
		return notices;
	}

	@Bean
	ForwardingServer forwardingServer(ForwardingSettings settings, ConnectionRegistry registry,
			List<NodeQuestion> questions, ConnectionSettings connections, ReactorResourceFactory resources,
			SecuritySettings security, DatabaseSettings database) {
		boolean guarded = settings.secret() != null || security.mode() == SecuritySettings.Mode.DEV;
		if (!guarded && database.isShared()) {
			throw new SettingsRefusedException(
					"In jwt mode nodes that share a directory show each other a secret, and none is set.",
					"Set " + SECRET + ", the same for all nodes");
		}
		return new ForwardingServer(settings, guarded, RequestHandlers.of(registry, questions),
				connections.maxFrameBytes() + SLACK, resources.getLoopResources());
	}

}
