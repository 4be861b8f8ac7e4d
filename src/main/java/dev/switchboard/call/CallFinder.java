package dev.switchboard.call;

import java.time.Duration;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;

import dev.switchboard.connection.ConnectionException;
import dev.switchboard.database.DatabaseUnavailableException;
import dev.switchboard.json.Payload;
import dev.switchboard.node.NodeRecord;
import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.routing.DirectoryQueries;
import dev.switchboard.routing.ForwardException;
import dev.switchboard.routing.Forwarder;
import reactor.core.publisher.Mono;

/**
 * Finds recorded calls that this node does not run. It takes the outcome of a call from
 * the directory, or asks the node that runs the call. Thread-safe.
 */
final class CallFinder {

	/**
	 * The kind of the question for an outcome, which is answered when the call has ended.
	 */
	static final String OUTCOME = "outcome";

	/** The kind of the question that cancels a call. */
	static final String CANCEL = "cancel";

	private static final Duration LIMIT = DirectoryQueries.LONGEST_SILENCE;

	/**
	 * How long this node waits for the outcome of a call on another node. No call lasts
	 * longer. If the other node goes silent, the wait ends earlier.
	 */
	private static final Duration LONGEST_CALL = Duration.ofHours(2);

	private final CallStore store;

	private final BiFunction<NodeId, Duration, Mono<NodeRecord>> nodes;

	private final Forwarder forwarder;

	private final NodeId self;

	/**
	 * @param nodes looks a node up within a time limit; empty if the directory does not
	 * list the node
	 */
	CallFinder(CallStore store, BiFunction<NodeId, Duration, Mono<NodeRecord>> nodes, Forwarder forwarder,
			NodeId self) {
		this.store = store;
		this.nodes = nodes;
		this.forwarder = forwarder;
		this.self = self;
	}

	/**
	 * Finds the call that belongs to a record. Call this method only if this node does
	 * not run the call.
	 * @return the call; an error of {@link DatabaseUnavailableException} if the directory
	 * does not answer
	 */
	Mono<RecordedCall> find(StoredCall record) {
		if (!record.pending()) {
			return Mono.just(new RecordedCall.Ended(record.id(), outcome(record)));
		}
		if (record.node().equals(this.self)) {
			return endedMeanwhile(record).map((outcome) -> new RecordedCall.Ended(record.id(), outcome));
		}
		return Mono
			.just(record.nodeGone() ? new RecordedCall.Ended(record.id(), lost(record.id())) : elsewhere(record));
	}

	private RecordedCall elsewhere(StoredCall record) {
		CallId id = record.id();
		return new RecordedCall.Elsewhere(id,
				ask(record, (node) -> this.forwarder.ask(node, OUTCOME, id.toString(), LONGEST_CALL)),
				ask(record, (node) -> this.forwarder.ask(node, CANCEL, id.toString(), LIMIT)));
	}

	/**
	 * Asks the node that runs the call. If that node does not run it any more, it has
	 * stored the outcome. If that node cannot be reached, it may have stored the outcome.
	 * In both cases the record is read again.
	 */
	private Mono<CallOutcome> ask(StoredCall record, Function<NodeRecord, Mono<Payload>> question) {
		return this.nodes.apply(record.node(), LIMIT)
			.flatMap(question)
			.map((resource) -> CallOutcome.parse(resource.toBytes()))
			.onErrorResume(CallFinder::isLoss, (_) -> Mono.empty())
			.switchIfEmpty(Mono.defer(() -> endedMeanwhile(record)))
			.onErrorReturn(DatabaseUnavailableException.class, lost(record.id()));
	}

	private static boolean isLoss(Throwable failure) {
		return failure instanceof ForwardException || failure instanceof ConnectionException;
	}

	/**
	 * Reads the record again. A node forgets a call only after it has stored the outcome,
	 * or has tried to for minutes. So if the call is still pending, its outcome is lost.
	 */
	private Mono<CallOutcome> endedMeanwhile(StoredCall record) {
		return this.store.find(record.agent().tenant(), record.id(), LIMIT)
			.map((again) -> again.pending() ? lost(again.id()) : outcome(again))
			.defaultIfEmpty(lost(record.id()));
	}

	private static CallOutcome outcome(StoredCall record) {
		return CallOutcome.parse(Objects.requireNonNull(record.outcome()).toBytes());
	}

	private static CallOutcome lost(CallId id) {
		return CallOutcome.of(id,
				new ProblemException(Problem.NODE_DISCONNECTED, "The node that ran the call went away"));
	}

}
