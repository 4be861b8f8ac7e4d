package dev.switchboard.push;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import dev.switchboard.connection.AckReceiver;
import dev.switchboard.connection.AgentConnection;
import dev.switchboard.connection.ConnectionListener;
import dev.switchboard.connection.ConnectionRegistry;
import dev.switchboard.database.Database;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.Frame;
import dev.switchboard.time.Chance;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.web.reactive.socket.CloseStatus;

/**
 * Sends waiting pushes to the agents of this node: when an agent arrives, and when this
 * node gets a notice. Only a connection with pushes on their way has an entry here.
 * Thread-safe.
 */
final class PushSender implements AckReceiver, ConnectionListener, Delivery.Source {

	private final Map<AgentConnection, Delivery> deliveries = new ConcurrentHashMap<>();

	private final ConnectionRegistry registry;

	private final PushMarks marks;

	private final WaitingReader reader;

	private final DurablePushMetrics metrics;

	private final int window;

	private volatile Consumer<AgentId> abandoned = (_) -> {
	};

	PushSender(ConnectionRegistry registry, Database database, PushSettings settings, PushMarks marks,
			DurablePushMetrics metrics, Chance chance) {
		this.registry = registry;
		this.marks = marks;
		this.reader = new WaitingReader(database, metrics, chance, this::look);
		this.metrics = metrics;
		this.window = settings.maxOnTheWay();
		metrics.gauge("switchboard.pushes.deliveries", "Connections of this node that have durable pushes on their way",
				this.deliveries::size);
		metrics.gauge("switchboard.pushes.underway",
				"Durable pushes that this node has sent and that are not acknowledged",
				() -> this.deliveries.values().stream().mapToInt(Delivery::underway).sum());
	}

	/**
	 * Sets who is told of an agent whose connection has ended while pushes were on their
	 * way. The agent may have a newer connection to another node, which knows nothing of
	 * these pushes.
	 */
	void onAbandoned(Consumer<AgentId> listener) {
		this.abandoned = listener;
	}

	/**
	 * Sends what waits for an agent, if this node holds it.
	 * @return false if this node does not hold the agent
	 */
	boolean look(AgentId agent) {
		AgentConnection connection = this.registry.find(agent);
		if (connection != null) {
			look(connection);
		}
		return connection != null;
	}

	private void look(AgentConnection connection) {
		connection.onLoop(() -> {
			if (!connection.isClosing()) {
				this.deliveries.computeIfAbsent(connection, (absent) -> new Delivery(absent, this.window, this)).look();
			}
		});
	}

	@Override
	public void claimed(AgentConnection connection) {
		this.reader.arrived(connection);
	}

	@Override
	public void receive(AgentConnection connection, Frame.Ack ack) {
		Delivery delivery = this.deliveries.get(connection);
		CallId push = (delivery != null) ? id(ack) : null;
		if (delivery == null || push == null || !delivery.acknowledged(push)) {
			this.metrics.ignoredAck();
			return;
		}
		this.marks.acknowledged(delivery, push);
		delivery.step();
	}

	private static @Nullable CallId id(Frame.Ack ack) {
		try {
			return CallId.parse(ack.id());
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

	@Override
	public void ended(AgentConnection connection, CloseStatus status) {
		Delivery delivery = this.deliveries.remove(connection);
		if (delivery != null) {
			connection.onLoop(() -> {
				if (delivery.end()) {
					this.abandoned.accept(delivery.agent());
				}
			});
		}
	}

	@Override
	public Mono<List<WaitingPush>> next(Delivery delivery, Set<CallId> without, int limit) {
		return this.reader.next(delivery, without, limit);
	}

	@Override
	public Mono<Set<CallId>> stillWaiting(Delivery delivery, Set<CallId> pushes) {
		return this.reader.stillWaiting(delivery, pushes);
	}

	@Override
	public void sent(CallId push) {
		this.metrics.sent();
		this.marks.sent(push);
	}

	@Override
	public void idle(Delivery delivery) {
		this.deliveries.remove(delivery.connection(), delivery);
	}

}
