package dev.switchboard.diagnosis;

import java.time.Duration;

import dev.switchboard.connection.AgentConnection;
import dev.switchboard.connection.ConnectionRegistry;
import dev.switchboard.json.Payload;
import dev.switchboard.protocol.AgentId;
import reactor.core.publisher.Mono;

/**
 * Answers what this node knows about an agent, for this node and for others. Thread-safe.
 */
final class NodeKnowledge {

	/** The kind of the question that other nodes ask. */
	static final String KIND = "diagnosis";

	/** How long an agent may take to answer a ping. */
	static final Duration PATIENCE = Duration.ofMillis(500);

	private final ConnectionRegistry registry;

	private final AgentHistories histories;

	private final RecentCalls calls;

	NodeKnowledge(ConnectionRegistry registry, AgentHistories histories, RecentCalls calls) {
		this.registry = registry;
		this.histories = histories;
		this.calls = calls;
	}

	/**
	 * Returns what this node knows about an agent. Pings the agent if this node holds it.
	 */
	Mono<Findings> about(AgentId agent) {
		return Mono.defer(() -> {
			this.calls.move();
			AgentHistory history = this.histories.of(agent);
			AgentConnection connection = this.registry.find(agent);
			return (connection != null)
					? HeldConnection.examine(connection, PATIENCE).map((held) -> new Findings(held, history))
					: Mono.just(new Findings(null, history));
		});
	}

	/**
	 * Answers another node's question about an agent.
	 * @param agent the agent, as {@code tenant/agent}
	 * @return the findings as JSON; empty if this node knows nothing
	 * @throws IllegalArgumentException if the text names no agent
	 */
	Mono<Payload> answer(String agent) {
		return about(AgentId.parse(agent)).filter((findings) -> !findings.equals(Findings.NOTHING)).map(Findings::json);
	}

}
