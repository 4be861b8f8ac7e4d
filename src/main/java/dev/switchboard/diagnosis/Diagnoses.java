package dev.switchboard.diagnosis;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import dev.switchboard.database.DatabaseUnavailableException;
import dev.switchboard.node.NodeRecord;
import dev.switchboard.node.NodeState;
import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.routing.Forwarder;
import dev.switchboard.routing.Presence;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Makes diagnoses: asks all nodes what they know about an agent. A node that does not
 * answer, or does not know the question, contributes nothing. Thread-safe.
 */
public final class Diagnoses {

	private static final Logger logger = LoggerFactory.getLogger(Diagnoses.class);

	/** The most diagnoses that this node makes at a time, since each asks all nodes. */
	static final int MOST = 50;

	/**
	 * How long to wait for the agent's presence. By the rule of {@link Presence}, the
	 * directory gets half of this time.
	 */
	private static final Duration PRESENCE_WAIT = Duration.ofMillis(800);

	private static final Duration NODES_WAIT = Duration.ofMillis(250);

	/** How long another node may take to answer. Meanwhile that node pings the agent. */
	private static final Duration ANSWER_WAIT = NodeKnowledge.PATIENCE.plusMillis(150);

	private final NodeKnowledge knowledge;

	private final Presence presence;

	private final Function<Duration, Mono<List<NodeRecord>>> nodes;

	private final Forwarder forwarder;

	private final NodeId self;

	private final Function<AgentId, @Nullable ProblemException> refusal;

	private final AtomicInteger running = new AtomicInteger();

	/**
	 * @param nodes lists all nodes; the duration is how long the directory may be silent
	 * @param refusal gives the problem of an agent that is kept out; null for others
	 */
	Diagnoses(NodeKnowledge knowledge, Presence presence, Function<Duration, Mono<List<NodeRecord>>> nodes,
			Forwarder forwarder, NodeId self, Function<AgentId, @Nullable ProblemException> refusal) {
		this.knowledge = knowledge;
		this.presence = presence;
		this.nodes = nodes;
		this.forwarder = forwarder;
		this.self = self;
		this.refusal = refusal;
	}

	/**
	 * Makes a diagnosis, within a second. Nothing happens before the subscription.
	 * @return the diagnosis, even of an agent that was never seen; an error of
	 * {@link ProblemException} if too many diagnoses are being made
	 */
	public Mono<Diagnosis> of(AgentId agent) {
		return Mono.defer(() -> {
			if (this.running.incrementAndGet() > MOST) {
				this.running.decrementAndGet();
				return Mono.error(new ProblemException(Problem.TOO_MANY_REQUESTS,
						"This node makes as many diagnoses as it may at a time"));
			}
			return make(agent).doFinally((_) -> this.running.decrementAndGet());
		});
	}

	private Mono<Diagnosis> make(AgentId agent) {
		Mono<Sighting> sighting = this.presence.locate(agent, PRESENCE_WAIT)
			.map(Sighting::of)
			.onErrorResume(ProblemException.class, (problem) -> Mono.just(Sighting.of(problem)));
		Mono<NodeAnswer> own = this.knowledge.about(agent).map((findings) -> new NodeAnswer(this.self, findings));
		Mono<List<NodeAnswer>> answers = Flux.merge(own, others(agent)).collectList();
		return Mono.zip(sighting, answers,
				(seen, answered) -> new Diagnosis(agent, seen, answered, this.refusal.apply(agent)));
	}

	private Flux<NodeAnswer> others(AgentId agent) {
		return this.nodes.apply(NODES_WAIT)
			.onErrorReturn(DatabaseUnavailableException.class, List.of())
			.flatMapIterable((all) -> all)
			.filter((node) -> node.state() != NodeState.DEAD && !node.id().equals(this.self))
			.flatMap((node) -> ask(node, agent), Integer.MAX_VALUE);
	}

	private Mono<NodeAnswer> ask(NodeRecord node, AgentId agent) {
		return this.forwarder.ask(node, NodeKnowledge.KIND, agent.toString(), ANSWER_WAIT)
			.map(Findings::read)
			.defaultIfEmpty(Findings.NOTHING)
			.map((findings) -> new NodeAnswer(node.id(), findings))
			.timeout(ANSWER_WAIT)
			.onErrorResume((failure) -> {
				logger.debug("Node {} has not answered about {}: {}", node.id(), agent, failure.toString());
				return Mono.just(new NodeAnswer(node.id(), null));
			});
	}

}
