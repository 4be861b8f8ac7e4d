package dev.switchboard.rebalance;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import dev.switchboard.database.DatabaseUnavailableException;
import dev.switchboard.json.Payload;
import dev.switchboard.node.NodeRecord;
import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.routing.NodeQuestion;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Plans and starts rebalances of all nodes for an operator, and handles the notices of
 * other nodes. Thread-safe.
 */
public final class Rebalances {

	private final RebalanceSettings settings;

	private final RebalancedNode node;

	private final RebalanceState state;

	private final OtherNodes others;

	private final MovingAgents moving;

	Rebalances(RebalanceSettings settings, RebalancedNode node, RebalanceState state, OtherNodes others,
			MovingAgents moving) {
		this.settings = settings;
		this.node = node;
		this.state = state;
		this.others = others;
		this.moving = moving;
	}

	/**
	 * Plans a rebalance, and moves nothing.
	 * @return the moves that would make all nodes level; none while a node drains; an
	 * error of {@link ProblemException} if the directory does not answer
	 */
	public Mono<List<Move>> plan() {
		return present().map((plan) -> plan.drain() ? List.of() : plan.moves());
	}

	private Mono<RebalancePlan> present() {
		return this.node.plan().onErrorMap(DatabaseUnavailableException.class, (_) -> ProblemException.directoryDown());
	}

	/**
	 * Starts a rebalance on all nodes that have too many agents, even if the nodes differ
	 * by less than the threshold, and even if rebalances are disabled.
	 * @return the moves that have begun, once these nodes know of them; none while a node
	 * drains; an error of {@link ProblemException} if the directory does not answer, or
	 * if none of the nodes can be reached
	 */
	public Mono<List<Move>> start() {
		return present().flatMap((plan) -> {
			List<Move> moves = plan.drain() ? List.of() : plan.moves();
			Run run = new Run(this.node.clock().get(), true, true);
			return started(plan, moves, run)
				.map((nodes) -> moves.stream().filter((move) -> nodes.contains(move.from())).toList())
				.filter((begun) -> moves.isEmpty() || !begun.isEmpty())
				.switchIfEmpty(Mono.error(() -> new ProblemException(Problem.UNAVAILABLE,
						"None of the nodes that have too many agents can be reached, or a node drains")));
		});
	}

	/**
	 * Starts the rebalance on the nodes that give away agents; returns those that obey.
	 */
	private Mono<Set<NodeId>> started(RebalancePlan plan, List<Move> moves, Run run) {
		Set<NodeId> from = moves.stream().map(Move::from).collect(Collectors.toSet());
		return Flux.fromIterable(plan.shares())
			.map(Share::node)
			.filter((each) -> from.contains(each.id()))
			.flatMap((each) -> start(each, run).filter(Boolean::booleanValue).map((_) -> each.id()))
			.collect(Collectors.toSet());
	}

	private Mono<Boolean> start(NodeRecord at, Run run) {
		return at.id().equals(this.node.self()) ? Mono.fromSupplier(() -> this.state.join(run))
				: this.others.ask(at, new Notice(Notice.Kind.START, run.began(), run.exact(), List.of()));
	}

	/** Returns the kind of question in which other nodes send notices to this node. */
	NodeQuestion question() {
		return new NodeQuestion(OtherNodes.KIND, (text) -> Mono.just(handle(Notice.parse(text))));
	}

	private Payload handle(Notice notice) {
		boolean yes = switch (notice.kind()) {
			case START -> this.state.join(new Run(notice.began(), true, notice.exact()));
			case MOVING -> {
				this.moving.askedElsewhere(notice.agents());
				yield join(notice.began(), notice.exact()) && this.node.takesAgents().getAsBoolean();
			}
			case LOST -> {
				this.moving.lostElsewhere(notice.agents());
				yield true;
			}
		};
		return yes ? Payload.TRUE : Payload.FALSE;
	}

	private boolean join(Instant began, boolean exact) {
		if (!this.state.isGoingOn()) {
			// The last look was some seconds ago. The next one follows soon.
			this.moving.forgetLevel();
		}
		return this.state.join(new Run(began, this.settings.enabled(), exact));
	}

}
