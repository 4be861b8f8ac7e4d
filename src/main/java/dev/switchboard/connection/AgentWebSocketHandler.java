package dev.switchboard.connection;

import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

import dev.switchboard.directory.AgentDirectory;
import dev.switchboard.directory.NodeRegistry;
import dev.switchboard.protocol.DisconnectReason;
import dev.switchboard.protocol.Frame;
import dev.switchboard.protocol.FrameCodec;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.transport.EventLoopSession;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

import org.springframework.stereotype.Component;
import org.springframework.web.reactive.socket.WebSocketSession;

/**
 * Takes an agent's session from its welcome to its end: registers it, claims it in the
 * directory, and undoes both.
 */
@Component
public final class AgentWebSocketHandler {

	private final ConnectionRegistry registry;

	private final NodeRegistry node;

	private final NodeId nodeId;

	private final AgentDirectory directory;

	private final AgentSettings settings;

	private final ConnectionLimits limits;

	private final ConnectionMetrics metrics;

	private final LivenessSweep liveness;

	AgentWebSocketHandler(ConnectionRegistry registry, NodeRegistry node, NodeId nodeId, AgentDirectory directory,
			AgentSettings settings, InFlightSettings inFlight, ConnectionMetrics metrics) {
		this.registry = registry;
		this.node = node;
		this.nodeId = nodeId;
		this.directory = directory;
		this.settings = settings;
		this.limits = ConnectionLimits.of(settings, inFlight);
		this.metrics = metrics;
		this.liveness = new LivenessSweep(settings.heartbeat(), Clock.systemUTC());
		node.countConnections(registry::size);
		node.onLoss(this::claimAgain);
	}

	/**
	 * Serves a session of an agent whose handshake has shown the credentials.
	 * @return completes when the session has ended
	 */
	Mono<Void> handle(WebSocketSession webSocketSession, AgentCredentials credentials) {
		EventLoopSession session = (EventLoopSession) webSocketSession;
		AgentConnection connection = new AgentConnection(credentials, this.node.nextEpoch(), this.node.now(),
				remoteAddress(session), session, this.limits, this.metrics);
		connection.send(OutboundMessage.text(FrameCodec.encode(welcome(connection))));
		this.liveness.add(connection);
		this.registry.add(connection);
		Disposable claim = claim(connection);
		session.receive().subscribe(new AgentReceiver(connection));
		return session.send(connection.outbound()).onErrorComplete().then(Mono.fromRunnable(() -> {
			claim.dispose();
			end(connection);
		})).then(session.closeStatus()).doOnNext((status) -> this.metrics.closed(status.getCode())).then();
	}

	private Frame.Welcome welcome(AgentConnection connection) {
		return new Frame.Welcome(connection.id(), connection.epoch(), this.nodeId, this.settings.heartbeat().toMillis(),
				this.limits.maxFrameBytes(), this.limits.maxInFlight(), this.settings.reconnectMin().toMillis(),
				this.settings.reconnectMax().toMillis());
	}

	private Disposable claim(AgentConnection connection) {
		return this.directory.claim(connection.claim())
			.retryWhen(Retry.backoff(Long.MAX_VALUE, Duration.ofSeconds(1)).maxBackoff(Duration.ofSeconds(30)))
			.filter((claimed) -> !claimed)
			.subscribe((_) -> connection.close(DisconnectReason.SUPERSEDED));
	}

	// The directory had given this node up, and its claims with it.
	private void claimAgain() {
		this.registry.all().forEach(this::claim);
	}

	// A superseded connection releases nothing: the claim is the newer one's.
	private void end(AgentConnection connection) {
		connection.end();
		this.liveness.remove(connection);
		if (this.registry.remove(connection)) {
			Instant lastSeen = this.node.now().minusNanos(connection.quietNanos());
			this.directory.release(connection.claim(), lastSeen).subscribe();
		}
	}

	private static @Nullable String remoteAddress(WebSocketSession session) {
		InetSocketAddress address = session.getHandshakeInfo().getRemoteAddress();
		return (address != null) ? address.getAddress().getHostAddress() + ":" + address.getPort() : null;
	}

}
