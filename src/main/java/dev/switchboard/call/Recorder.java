package dev.switchboard.call;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

import dev.switchboard.connection.Answer;
import dev.switchboard.database.DatabaseUnavailableException;
import dev.switchboard.database.Sha256;
import dev.switchboard.json.Payload;
import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.CallId;
import dev.switchboard.quota.BudgetHold;
import dev.switchboard.routing.DirectoryQueries;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Runs the calls that outlive their request: asynchronous calls, and calls with a key,
 * which run at most once. A call is in memory while it runs. Its outcome is in the
 * directory for five minutes after its end, or for 24 hours if it has a key. While the
 * directory is away, asynchronous calls without a key go on, and their outcomes stay in
 * memory for five minutes. Thread-safe.
 */
public final class Recorder {

	private static final Logger logger = LoggerFactory.getLogger(Recorder.class);

	private static final Duration KEEP_KEYED = Duration.ofHours(24);

	private final Map<CallId, RunningCall> running = new ConcurrentHashMap<>();

	private final Function<CallRequest, Mono<Answer>> calls;

	private final CallStore store;

	private final CallFinder finder;

	private final HeldCalls held;

	private final KeptOutcomes kept;

	/**
	 * @param calls runs a call on its agent
	 * @param store keeps the recorded calls of all nodes
	 * @param finder finds calls that this node does not run
	 * @param held counts the calls that are held
	 * @param kept counts the outcomes that are kept
	 */
	Recorder(Function<CallRequest, Mono<Answer>> calls, CallStore store, CallFinder finder, HeldCalls held,
			KeptOutcomes kept) {
		this.calls = calls;
		this.store = store;
		this.finder = finder;
		this.held = held;
		this.kept = kept;
	}

	/**
	 * Starts a call, or finds an earlier call that has its key. A call that has started
	 * goes on even if its subscriber leaves. An earlier call does not stream its parts to
	 * this request.
	 * @param request a request for an asynchronous call, or for a call with a key
	 * @return the call, running or ended; an error of {@link ProblemException} if it may
	 * not run
	 */
	public Mono<RecordedCall> start(CallRequest request) {
		return Mono.defer(() -> {
			NewCall call = newCall(request);
			BudgetHold body = this.held.whole(request);
			BudgetHold outcome = this.kept.of(call);
			RunningCall running = new RunningCall(call, keep(request), this.store,
					DirectoryQueries.patience(request.options().timeToLive()),
					(ended) -> this.kept.keep(call, outcome, ended));
			// The call is in memory before it is in the directory. So whoever finds its
			// record in the directory finds the running call here.
			this.running.put(call.id(), running);
			running.live(run(request, body)).doFinally((_) -> {
				body.release();
				this.kept.ended(call, outcome, keep(request));
				this.running.remove(call.id(), running);
			}).subscribe(null, (ex) -> logger.error("The life of a recorded call failed", ex));
			return running.isKeyed()
					? running.recorded()
						.flatMap((record) -> runningOrEarlier(running, call, record))
						.onErrorMap(DatabaseUnavailableException.class, (_) -> ProblemException.directoryDown())
					: Mono.just(running);
		});
	}

	/** Returns how many calls are in memory. */
	int size() {
		return this.running.size();
	}

	/** Returns how many calls run here, or have outcomes that are being stored. */
	public int unfinished() {
		return (int) this.running.values().stream().filter((call) -> call.state() != RunningCall.State.KEPT).count();
	}

	static NewCall newCall(CallRequest request) {
		CallRequest.Options options = request.options();
		return new NewCall(request.id(), request.agent(), request.caller(), options.idempotencyKey(),
				Sha256.of(request.body().toBytes()),
				options.timeToLive().plus(options.connectWait()).plus(keep(request)));
	}

	private static Duration keep(CallRequest request) {
		return (request.options().idempotencyKey() != null) ? KEEP_KEYED : RunningCall.KEEP_UNKEYED;
	}

	/**
	 * Runs the call. From then on its body belongs to those that carry it, and only the
	 * objects of the call are counted here.
	 */
	private Mono<CallOutcome> run(CallRequest request, BudgetHold body) {
		CallId id = request.id();
		return Mono.defer(() -> {
			body.release();
			BudgetHold objects = this.held.objects(request);
			return this.calls.apply(request).doFinally((_) -> objects.release());
		})
			.map((answer) -> CallOutcome.of(id, answer))
			.onErrorResume((failure) -> Mono.just(CallOutcome.of(id, problem(failure))));
	}

	private static ProblemException problem(Throwable failure) {
		if (failure instanceof ProblemException problem) {
			return problem;
		}
		logger.error("A recorded call failed unexpectedly", failure);
		return new ProblemException(Problem.INTERNAL_ERROR, "The gateway failed");
	}

	private Mono<RecordedCall> runningOrEarlier(RunningCall running, NewCall call, StoredCall record) {
		if (record.id().equals(call.id())) {
			return Mono.just(running);
		}
		return record.bodyHash().equals(call.bodyHash()) ? find(record)
				: Mono.error(new ProblemException(Problem.IDEMPOTENCY_MISMATCH, "The key was used with another body"));
	}

	/**
	 * Finds a call of a tenant, on whichever node it runs or ran.
	 * @return the call; an error of {@link ProblemException} if there is none or the
	 * directory is down
	 */
	public Mono<RecordedCall> find(String tenant, CallId id) {
		RunningCall here = this.running.get(id);
		if (here != null && here.belongsTo(tenant)) {
			return Mono.just(here);
		}
		return this.store.find(tenant, id, DirectoryQueries.LONGEST_SILENCE)
			.flatMap(this::find)
			.switchIfEmpty(Mono.error(() -> new ProblemException(Problem.CALL_UNKNOWN, "There is no such call")))
			.onErrorMap(DatabaseUnavailableException.class, (_) -> ProblemException.directoryDown());
	}

	private Mono<RecordedCall> find(StoredCall record) {
		RunningCall here = this.running.get(record.id());
		return (here != null) ? Mono.just(here) : this.finder.find(record);
	}

	/**
	 * Waits for the end of a call that this node runs.
	 * @return the call's resource; empty if this node does not run the call
	 */
	public Mono<Payload> outcome(CallId id) {
		return Mono.justOrEmpty(this.running.get(id)).flatMap(RunningCall::outcome).map(CallOutcome::resource);
	}

	/**
	 * Cancels a call that this node runs, unless it has ended.
	 * @return the resource of the call, which has ended; empty if this node does not run
	 * the call
	 */
	public Mono<Payload> cancel(CallId id) {
		return Mono.justOrEmpty(this.running.get(id)).flatMap(RunningCall::cancel).map(CallOutcome::resource);
	}

}
