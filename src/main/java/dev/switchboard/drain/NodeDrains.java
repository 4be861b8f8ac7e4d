package dev.switchboard.drain;

import java.time.Duration;

import dev.switchboard.database.DatabaseUnavailableException;
import dev.switchboard.json.Payload;
import dev.switchboard.node.NodeRecord;
import dev.switchboard.node.NodeState;
import dev.switchboard.node.Nodes;
import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.routing.DirectoryQueries;
import dev.switchboard.routing.Forwarder;
import dev.switchboard.routing.NodeQuestion;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Drains any node for an operator, and takes such drains back. The node that is asked
 * passes the order on to the node concerned. Thread-safe.
 */
public final class NodeDrains {

	private static final String KIND = "drain";

	private static final String BACK = "back";

	/** The order to drain within the time that the node itself is configured with. */
	private static final String DEFAULT = "default";

	private static final Duration LIMIT = Duration.ofSeconds(3);

	private final NodeId self;

	private final Nodes nodes;

	private final Forwarder forwarder;

	private final Drain drain;

	NodeDrains(NodeId self, Nodes nodes, Forwarder forwarder, Drain drain) {
		this.self = self;
		this.nodes = nodes;
		this.forwarder = forwarder;
		this.drain = drain;
	}

	/**
	 * Drains a node.
	 * @param within how long the drain may take; null for the time that the node is
	 * configured with
	 * @return the node as the directory then lists it; an error of
	 * {@link ProblemException} if it cannot be drained
	 */
	public Mono<NodeRecord> start(NodeId node, @Nullable Duration within) {
		return order(node, (within != null) ? Long.toString(within.toMillis()) : DEFAULT);
	}

	/**
	 * Takes the drain of a node back.
	 * @return the node as the directory then lists it; an error of
	 * {@link ProblemException} if its process is ending, or if it cannot be reached
	 */
	public Mono<NodeRecord> takeBack(NodeId node) {
		return order(node, BACK);
	}

	private Mono<NodeRecord> order(NodeId node, String order) {
		return find(node).flatMap((record) -> order(record, order))
			.flatMap((obeyed) -> obeyed ? find(node) : Mono.error(new ProblemException(Problem.NODE_ENDING,
					"The node's process is ending, so its drain cannot be taken back")));
	}

	private Mono<NodeRecord> find(NodeId node) {
		return this.nodes.find(node, DirectoryQueries.LONGEST_SILENCE)
			.onErrorMap(DatabaseUnavailableException.class, (_) -> ProblemException.directoryDown())
			.switchIfEmpty(Mono
				.error(() -> new ProblemException(Problem.NODE_UNKNOWN, "The directory lists no node with this id")));
	}

	private Mono<Boolean> order(NodeRecord node, String order) {
		if (node.id().equals(this.self)) {
			return obey(order);
		}
		return (node.state() == NodeState.DEAD) ? Mono.error(unreachable())
				: this.forwarder.ask(node, KIND, order, LIMIT)
					.map((answer) -> answer.equals(Payload.TRUE))
					.onErrorMap((_) -> unreachable())
					.switchIfEmpty(Mono.error(NodeDrains::unreachable));
	}

	private static ProblemException unreachable() {
		return new ProblemException(Problem.UNAVAILABLE,
				"The node cannot be reached, or its version does not know drains");
	}

	/** Returns the question by which other nodes pass orders on to this one. */
	NodeQuestion question() {
		return new NodeQuestion(KIND, (order) -> obey(order).map((obeyed) -> obeyed ? Payload.TRUE : Payload.FALSE));
	}

	/**
	 * Obeys an order on this node.
	 * @return false if the process is ending; then the drain goes on
	 * @throws IllegalArgumentException if the order cannot be read
	 */
	private Mono<Boolean> obey(String order) {
		if (order.equals(BACK)) {
			return this.drain.takeBack();
		}
		Duration within = order.equals(DEFAULT) ? null : Duration.ofMillis(Long.parseLong(order));
		return Mono.defer(() -> {
			this.drain.start(within);
			return this.drain.published().thenReturn(true);
		});
	}

}
