package dev.switchboard.rebalance;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.switchboard.connection.AgentConnection;
import dev.switchboard.connection.ConnectionListener;
import dev.switchboard.connection.ConnectionRegistry;
import dev.switchboard.handshake.AgentObstacle;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.DisconnectReason;
import dev.switchboard.time.TimeSource;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;
import org.springframework.web.reactive.socket.CloseStatus;

/**
 * The agents that were asked to move lately, by this node and by others. If such an agent
 * comes to a node that has too many agents itself, as may happen behind a load balancer,
 * the node refuses it. The agent loses nothing, since its old connection serves on.
 * Thread-safe.
 */
final class MovingAgents implements AgentObstacle, ConnectionListener {

	/** The largest number of agents to remember. The others are not refused. */
	private static final int MOST = 100_000;

	/** Refused agents try again within this time. */
	private static final Duration RETRY_WITHIN = Duration.ofSeconds(2);

	private final ConnectionRegistry registry;

	private final Counter refused;

	private final Cache<AgentId, Mover> agents;

	/** Agents whose loss the other nodes do not know yet. */
	private final Queue<AgentId> lost = new ConcurrentLinkedQueue<>();

	/** How many connections this node would have if the nodes were level. */
	private volatile double level = Double.MAX_VALUE;

	/** Who asked an agent to move. */
	private enum Mover {

		THIS_NODE, ANOTHER_NODE

	}

	MovingAgents(ConnectionRegistry registry, TimeSource time, MeterRegistry meters) {
		this.registry = registry;
		this.refused = Counter.builder("switchboard.rebalance.refused")
			.description("Handshakes of agents on the move that this node refused, since it has too many agents itself")
			.register(meters);
		this.agents = Caffeine.newBuilder()
			.maximumSize(MOST)
			.expireAfterWrite(AskedAgents.LONG_PATIENCE)
			.ticker(time::nanoTime)
			.executor(Runnable::run)
			.build();
	}

	/** Forgets the level, so that no agent is refused until it is set again. */
	void forgetLevel() {
		this.level = Double.MAX_VALUE;
	}

	/** Sets how many connections this node would have if the nodes were level. */
	void level(double connections) {
		this.level = connections;
		this.agents.cleanUp();
	}

	/** Remembers agents that this node asks to move. */
	void askedHere(Collection<AgentConnection> connections) {
		connections.forEach((connection) -> this.agents.put(connection.agent(), Mover.THIS_NODE));
	}

	/** Remembers agents that another node asks to move. */
	void askedElsewhere(Collection<AgentId> moving) {
		moving.forEach((agent) -> this.agents.put(agent, Mover.ANOTHER_NODE));
	}

	/** Forgets agents that have lost their connections before they could move. */
	void lostElsewhere(Collection<AgentId> lost) {
		this.agents.invalidateAll(lost);
	}

	/**
	 * Returns and forgets the agents that this node has asked to move, and that have lost
	 * their connections before they could.
	 */
	List<AgentId> takeLost() {
		List<AgentId> taken = new ArrayList<>();
		for (AgentId next = this.lost.poll(); next != null; next = this.lost.poll()) {
			taken.add(next);
		}
		return taken;
	}

	@Override
	public void ended(AgentConnection connection, CloseStatus status) {
		if (this.agents.estimatedSize() > 0 && status.getCode() != DisconnectReason.REBALANCE.code()) {
			AgentId agent = connection.agent();
			if (this.agents.asMap().remove(agent, Mover.THIS_NODE)) {
				this.lost.add(agent);
			}
		}
	}

	@Override
	public boolean isMoving(AgentId agent) {
		return this.agents.getIfPresent(agent) != null;
	}

	@Override
	public @Nullable Duration refuse(AgentId agent) {
		if (this.registry.size() < this.level || !hasConnection(agent)) {
			return null;
		}
		this.refused.increment();
		return RETRY_WITHIN;
	}

	/** Whether an agent that moves is served meanwhile, as far as this node knows. */
	private boolean hasConnection(AgentId agent) {
		Mover mover = this.agents.getIfPresent(agent);
		return mover == Mover.ANOTHER_NODE || (mover == Mover.THIS_NODE && this.registry.find(agent) != null);
	}

}
