package dev.switchboard.connection;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.switchboard.loop.TimerWheel;
import dev.switchboard.node.DirectoryClock;
import dev.switchboard.protocol.DisconnectReason;
import dev.switchboard.protocol.Frame;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.time.Chance;
import dev.switchboard.time.TimeSource;
import dev.switchboard.transport.EventLoopSession;
import io.netty.util.concurrent.EventExecutor;
import reactor.core.publisher.Mono;

import org.springframework.web.reactive.socket.CloseStatus;
import org.springframework.web.reactive.socket.WebSocketSession;

/**
 * Serves agents' sessions from the welcome to the end: makes the connection, registers it
 * and claims the agent in the directory. At the end, removes the connection and releases
 * the claim. Thread-safe.
 */
public final class AgentSessions {

	private final ConnectionRegistry registry;

	private final ClaimKeeper claims;

	private final SupersededWatch superseded;

	private final List<ConnectionListener> listeners;

	private final DirectoryClock clock;

	private final NodeId node;

	private final ConnectionSettings settings;

	private final ConnectionLimits limits;

	private final ConnectionMetrics metrics;

	private final UpstreamReceiver upstream;

	private final Ownership ownership;

	private final FaultLog faults;

	private final LargestHolders holders;

	private final RateSettings rates;

	private final TimeSource time;

	private final Chance chance;

	private final Map<EventExecutor, EventLoopContext> contexts = new ConcurrentHashMap<>();

	AgentSessions(ConnectionRegistry registry, ClaimKeeper claims, DirectoryClock clock, NodeId node,
			ConnectionSettings settings, InFlightSettings inFlight, ConnectionMetrics metrics,
			UpstreamReceiver upstream, SupersededWatch superseded, List<ConnectionListener> listeners,
			Ownership ownership, LargestHolders holders, RateSettings rates, TimeSource time, Chance chance) {
		this.registry = registry;
		this.claims = claims;
		this.superseded = superseded;
		this.listeners = listeners;
		this.clock = clock;
		this.node = node;
		this.settings = settings;
		this.limits = ConnectionLimits.of(settings, inFlight);
		this.metrics = metrics;
		this.upstream = upstream;
		this.ownership = ownership;
		this.faults = new FaultLog(time);
		this.holders = holders;
		this.rates = rates;
		this.time = time;
		this.chance = chance;
	}

	/**
	 * Serves the session of an authenticated agent. Runs on the session's event loop.
	 * @param session an {@link EventLoopSession}
	 * @return completes when the session has ended
	 */
	public Mono<Void> serve(WebSocketSession session, AgentCredentials credentials) {
		EventLoopSession ours = (EventLoopSession) session;
		EventLoopContext context = this.contexts.computeIfAbsent(ours.eventLoop(), this::context);
		long epoch = this.clock.nextEpoch();
		AgentConnection connection = new AgentConnection(credentials, epoch,
				session.getHandshakeInfo().getRemoteAddress(), ours, context);
		connection.dated(epoch, this.clock.timeOf(epoch));
		connection.send(welcome(connection));
		this.registry.add(connection);
		this.listeners.forEach((listener) -> listener.registered(connection));
		this.claims.claim(connection);
		return connection.run();
	}

	private EventLoopContext context(EventExecutor loop) {
		return new EventLoopContext(loop, new TimerWheel(loop, this.time, this.metrics::swept), this.limits,
				this.metrics, this.upstream, this::ended, this.ownership, this.faults, this.holders.on(loop),
				new AgentRates(this.rates, this.time, this.metrics::paused), this.time, this.chance);
	}

	private Frame.Welcome welcome(AgentConnection connection) {
		return new Frame.Welcome(connection.id(), DirectoryClock.shown(connection.epoch()), this.node,
				this.settings.heartbeat().toMillis(), this.limits.maxFrameBytes(), this.limits.maxInFlight(),
				this.settings.reconnectMin().toMillis(), this.settings.reconnectMax().toMillis());
	}

	// A superseded connection releases nothing: the claim belongs to the newer one.
	private void ended(AgentConnection connection) {
		boolean held = this.registry.remove(connection);
		connection.closeStatus().defaultIfEmpty(CloseStatus.NO_CLOSE_FRAME).subscribe((status) -> {
			if (held) {
				this.claims.release(connection, status);
			}
			this.metrics.closed(status.getCode());
			this.listeners.forEach((listener) -> listener.ended(connection, status));
			if (status.getCode() == DisconnectReason.SUPERSEDED.code()) {
				this.superseded.watch(connection);
			}
		});
	}

}
