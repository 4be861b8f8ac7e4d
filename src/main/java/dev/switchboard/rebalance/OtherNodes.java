package dev.switchboard.rebalance;

import java.time.Duration;
import java.util.Collection;
import java.util.List;

import dev.switchboard.json.Payload;
import dev.switchboard.node.NodeRecord;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.routing.Forwarder;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Sends notices to the other nodes. Thread-safe. */
final class OtherNodes {

	/** The kind of the questions that carry notices. */
	static final String KIND = "rebalance";

	private static final Duration LIMIT = Duration.ofSeconds(1);

	private final NodeId self;

	private final Forwarder forwarder;

	OtherNodes(NodeId self, Forwarder forwarder) {
		this.self = self;
		this.forwarder = forwarder;
	}

	/**
	 * Asks the nodes whether they take agents now.
	 * @return those that have said so in time; never fails
	 */
	Mono<List<Share>> taking(List<Share> receivers, Run run) {
		Notice notice = new Notice(Notice.Kind.MOVING, run.began(), run.exact(), List.of());
		return Flux.fromIterable(receivers)
			.filter((share) -> !share.node().id().equals(this.self))
			.flatMapSequential((share) -> ask(share.node(), notice).filter(Boolean::booleanValue).map((_) -> share))
			.collectList();
	}

	/**
	 * Informs all other nodes of the plan about agents.
	 * @return completes when the nodes have answered, or have not in time; never fails
	 */
	Mono<Void> inform(RebalancePlan plan, Notice.Kind kind, Run run, Collection<AgentId> agents) {
		List<Notice> notices = Notice.of(kind, run, agents);
		return Flux.fromIterable(plan.shares())
			.map(Share::node)
			.filter((node) -> !node.id().equals(this.self))
			.flatMap((node) -> Flux.fromIterable(notices).flatMap((notice) -> ask(node, notice)))
			.then();
	}

	/**
	 * Sends a notice to a node.
	 * @return the node's answer; false if it has not answered in time; never fails
	 */
	Mono<Boolean> ask(NodeRecord node, Notice notice) {
		return this.forwarder.ask(node, KIND, notice.text(), LIMIT)
			.map((answer) -> answer.equals(Payload.TRUE))
			.onErrorComplete()
			.defaultIfEmpty(false);
	}

}
