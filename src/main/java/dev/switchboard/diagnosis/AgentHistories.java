package dev.switchboard.diagnosis;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Policy;
import com.github.benmanes.caffeine.cache.RemovalCause;
import dev.switchboard.connection.AgentConnection;
import dev.switchboard.connection.ConnectionListener;
import dev.switchboard.handshake.RefusalListener;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.time.TimeSource;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;

import org.springframework.web.reactive.socket.CloseStatus;

/**
 * Remembers for an hour what happened to agents on this node: ended connections, refused
 * handshakes, calls. An agent takes up memory only if something happened to it. The
 * number of remembered events is limited. Beyond the limit, the histories of some agents
 * are forgotten. Thread-safe.
 */
final class AgentHistories implements ConnectionListener, RefusalListener {

	static final Duration KEPT = Duration.ofHours(1);

	private final Cache<AgentId, AgentHistory> histories;

	private final Supplier<Instant> directoryTime;

	private final NodeId self;

	/**
	 * @param maxEntries the most events that are remembered
	 * @param directoryTime the directory's clock
	 */
	AgentHistories(int maxEntries, NodeId self, Supplier<Instant> directoryTime, TimeSource time,
			MeterRegistry meters) {
		this.self = self;
		this.directoryTime = directoryTime;
		Counter forgotten = Counter.builder("switchboard.diagnosis.forgotten")
			.description("Events of agents that this node forgot early, since it remembered too many")
			.register(meters);
		this.histories = Caffeine.newBuilder()
			.maximumWeight(maxEntries)
			.weigher((AgentId _, AgentHistory history) -> history.size())
			.expireAfterWrite(KEPT)
			.ticker(time::nanoTime)
			.executor(Runnable::run)
			.evictionListener((_, history, cause) -> {
				if (cause == RemovalCause.SIZE && history != null) {
					forgotten.increment(history.size());
				}
			})
			.build();
		Gauge.builder("switchboard.diagnosis.entries", this, AgentHistories::size)
			.description("Events of agents that this node remembers for diagnoses")
			.register(meters);
	}

	/** Returns how many events are remembered. */
	private long size() {
		return this.histories.policy().eviction().map(Policy.Eviction::weightedSize).orElseThrow().orElse(0);
	}

	/** Returns what this node remembers of an agent. */
	AgentHistory of(AgentId agent) {
		AgentHistory history = this.histories.getIfPresent(agent);
		return (history != null) ? history.since(now().minus(KEPT)) : AgentHistory.NONE;
	}

	/** Remembers an event. */
	void add(AgentId agent, Event event) {
		this.histories.asMap()
			.compute(agent, (_, history) -> ((history != null) ? history : AgentHistory.NONE).with(event));
	}

	/** Returns the directory's time. */
	Instant now() {
		return this.directoryTime.get();
	}

	@Override
	public void ended(AgentConnection connection, CloseStatus status) {
		add(connection.agent(), EndedConnection.of(status, now(), this.self));
	}

	@Override
	public void aliveWhenSuperseded(AgentConnection connection) {
		String address = connection.remoteAddress();
		if (address != null) {
			add(connection.agent(), SecondMachine.at(address, now()));
		}
	}

	@Override
	public void refused(AgentId agent, ProblemException problem, @Nullable InetSocketAddress remote) {
		add(agent, RefusedHandshake.of(problem, remote, now(), this.self));
	}

}
