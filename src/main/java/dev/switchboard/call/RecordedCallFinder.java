package dev.switchboard.call;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;

import dev.switchboard.connection.ConnectionException;
import dev.switchboard.database.DirectoryUnavailableException;
import dev.switchboard.node.NodeRecord;
import dev.switchboard.node.Nodes;
import dev.switchboard.json.Payload;
import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.routing.CallForwarder;
import dev.switchboard.routing.ForwardException;
import dev.switchboard.routing.Presence;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

/**
 * Finds recorded calls: in memory while this node runs them, in the directory once they
 * have ended, and on the node that runs them otherwise. Thread-safe.
 */
@Component
public final class RecordedCallFinder {

	private static final Duration PATIENCE = Duration.ofSeconds(1);

	/** No call lasts longer. Another node that goes silent meanwhile is noticed. */
	private static final Duration LONGEST_CALL = Duration.ofHours(2);

	private final RunningCalls running;

	private final CallRecords records;

	private final Nodes nodes;

	private final CallForwarder forwarder;

	private final NodeId self;

	RecordedCallFinder(RunningCalls running, CallRecords records, Nodes nodes, CallForwarder forwarder, NodeId self) {
		this.running = running;
		this.records = records;
		this.nodes = nodes;
		this.forwarder = forwarder;
		this.self = self;
	}

	/**
	 * Finds a call of a tenant.
	 * @return the call; an error of {@link ProblemException} if there is none
	 */
	public Mono<RecordedCall> find(String tenant, CallId id) {
		RunningCall here = this.running.find(id);
		if (here != null && here.belongsTo(tenant)) {
			return Mono.just(here);
		}
		return this.records.find(tenant, id, PATIENCE)
			.flatMap(this::find)
			.switchIfEmpty(Mono.error(() -> new ProblemException(Problem.CALL_UNKNOWN, "There is no such call")))
			.onErrorMap(DirectoryUnavailableException.class, Presence::directoryDown);
	}

	/** Finds the call that a record tells of. */
	public Mono<RecordedCall> find(CallRecord record) {
		RunningCall here = this.running.find(record.id());
		if (here != null) {
			return Mono.just(here);
		}
		if (!record.pending()) {
			return Mono.just(ended(record, outcome(record)));
		}
		if (record.node().equals(this.self)) {
			return endedMeanwhile(record).map((outcome) -> ended(record, outcome));
		}
		return Mono.just(record.nodeGone() ? ended(record, lost(record.id())) : elsewhere(record));
	}

	private RecordedCall elsewhere(CallRecord record) {
		return new RemoteCall(record.id(),
				ask(record, (node) -> this.forwarder.outcome(node, record.id(), LONGEST_CALL)),
				ask(record, (node) -> this.forwarder.cancel(node, record.id(), PATIENCE)));
	}

	// A node that does not know it has stored its end; one that is gone may have.
	private Mono<CallOutcome> ask(CallRecord record, Function<NodeRecord, Mono<Payload>> question) {
		return this.nodes.find(record.node(), PATIENCE)
			.flatMap(question)
			.map((resource) -> CallOutcome.parse(resource.toBytes()))
			.onErrorResume(RecordedCallFinder::isLoss, (_) -> Mono.empty())
			.switchIfEmpty(Mono.defer(() -> endedMeanwhile(record)))
			.onErrorReturn(DirectoryUnavailableException.class, lost(record.id()));
	}

	private static boolean isLoss(Throwable failure) {
		return failure instanceof ForwardException || failure instanceof ConnectionException;
	}

	private static RecordedCall ended(CallRecord record, CallOutcome outcome) {
		RunningCall ended = new RunningCall(record.id(), record.agent().tenant());
		ended.end(outcome);
		return ended;
	}

	// It leaves its node's memory only after its end is stored, so a second look finds
	// that.
	private Mono<CallOutcome> endedMeanwhile(CallRecord record) {
		return this.records.find(record.agent().tenant(), record.id(), PATIENCE)
			.map((again) -> again.pending() ? lost(again.id()) : outcome(again))
			.defaultIfEmpty(lost(record.id()));
	}

	private static CallOutcome outcome(CallRecord record) {
		return CallOutcome.parse(Objects.requireNonNull(record.outcome()).toBytes());
	}

	private static CallOutcome lost(CallId id) {
		return CallOutcome.of(id,
				new ProblemException(Problem.NODE_DISCONNECTED, "The node that ran the call went away"));
	}

}
