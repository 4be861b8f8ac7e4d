package dev.switchboard.connection;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.switchboard.directory.AgentDirectory;
import dev.switchboard.directory.NodeRegistry;
import dev.switchboard.protocol.DisconnectReason;
import dev.switchboard.protocol.Frame;
import dev.switchboard.protocol.FrameCodec;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.transport.EventLoopSession;
import io.netty.util.concurrent.EventExecutor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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

	private static final Logger LOG = LoggerFactory.getLogger(AgentWebSocketHandler.class);

	private final ConnectionRegistry registry;

	private final NodeRegistry node;

	private final NodeId nodeId;

	private final AgentDirectory directory;

	private final AgentSettings settings;

	private final ConnectionLimits limits;

	private final ConnectionMetrics metrics;

	private final Map<EventExecutor, EventLoopContext> loops = new ConcurrentHashMap<>();

	AgentWebSocketHandler(ConnectionRegistry registry, NodeRegistry node, NodeId nodeId, AgentDirectory directory,
			AgentSettings settings, InFlightSettings inFlight, ConnectionMetrics metrics) {
		this.registry = registry;
		this.node = node;
		this.nodeId = nodeId;
		this.directory = directory;
		this.settings = settings;
		this.limits = ConnectionLimits.of(settings, inFlight);
		this.metrics = metrics;
		node.countConnections(registry::size);
		node.onLoss(this::claimAgain);
	}

	/**
	 * Serves a session of an agent whose handshake has shown the credentials.
	 * @return completes when the session has ended
	 */
	Mono<Void> handle(WebSocketSession webSocketSession, AgentCredentials credentials) {
		EventLoopSession session = (EventLoopSession) webSocketSession;
		EventLoopContext context = this.loops.computeIfAbsent(session.eventLoop(), this::context);
		AgentConnection connection = new AgentConnection(credentials, this.node.nextEpoch(),
				session.getHandshakeInfo().getRemoteAddress(), session, context);
		connection.send(OutboundMessage.text(FrameCodec.encode(welcome(connection))));
		this.registry.add(connection);
		claim(connection);
		return connection.run();
	}

	private EventLoopContext context(EventExecutor loop) {
		return new EventLoopContext(new TimerWheel(loop, this.metrics::swept), this.limits, this.metrics, this::ended);
	}

	private Frame.Welcome welcome(AgentConnection connection) {
		return new Frame.Welcome(connection.id(), connection.epoch(), this.nodeId, this.settings.heartbeat().toMillis(),
				this.limits.maxFrameBytes(), this.limits.maxInFlight(), this.settings.reconnectMin().toMillis(),
				this.settings.reconnectMax().toMillis());
	}

	// A claim whose connection ends meanwhile is not cancelled but followed by its
	// release.
	private void claim(AgentConnection connection) {
		this.directory.claim(connection.claim())
			.retryWhen(Retry.backoff(Long.MAX_VALUE, Duration.ofSeconds(1))
				.maxBackoff(Duration.ofSeconds(30))
				.filter((_) -> !connection.isClosing()))
			.filter((claimed) -> !claimed)
			.subscribe((_) -> connection.close(DisconnectReason.SUPERSEDED),
					(_) -> LOG.debug("{} left unclaimed", connection.agent()));
	}

	// The directory had given this node up, and its claims with it.
	private void claimAgain() {
		this.registry.forEach(this::claim);
	}

	// A superseded connection releases nothing: the claim is the newer one's.
	private void ended(AgentConnection connection) {
		if (this.registry.remove(connection)) {
			Instant lastSeen = this.node.now().minusNanos(connection.quietNanos());
			this.directory.release(connection.claim(), lastSeen).subscribe();
		}
		connection.closeStatus().subscribe((status) -> this.metrics.closed(status.getCode()));
	}

}
