package dev.switchboard.call;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

import dev.switchboard.database.Database;
import dev.switchboard.database.DatabaseUnavailableException;
import dev.switchboard.problem.Outcome;
import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.CallId;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * A recorded call that this node runs. {@link #live} runs it at most once, even if no
 * caller waits for it. The call ends once, by its answer, its failure or its
 * cancellation. All subscribers get the same outcome. Thread-safe.
 */
final class RunningCall implements RecordedCall {

	/**
	 * How long the directory keeps the outcome of a call without a key. For the same
	 * time, this node keeps an outcome in memory that the directory does not have.
	 */
	static final Duration KEEP_UNKEYED = Duration.ofMinutes(5);

	private final NewCall call;

	private final Duration keep;

	private final CallStore store;

	/**
	 * The attempt to record the call. It goes on after {@link #recorded} has timed out.
	 */
	private final Mono<StoredCall> recording;

	private final Mono<StoredCall> recorded;

	private final Duration patience;

	private final UnaryOperator<CallOutcome> keeper;

	private final AtomicReference<@Nullable CallOutcome> ended = new AtomicReference<>();

	private final Sinks.One<CallOutcome> outcome = Sinks.one();

	private final Sinks.Empty<Void> cancelled = Sinks.empty();

	private volatile State state;

	/**
	 * Makes a call that begins when {@link #live} is subscribed to.
	 * @param call the call to record
	 * @param keep how long the directory keeps the outcome
	 * @param patience how long a call with a key waits to be recorded, and how long its
	 * callers wait until its key is free
	 * @param keeper takes the outcome, and returns the one to keep
	 */
	RunningCall(NewCall call, Duration keep, CallStore store, Duration patience, UnaryOperator<CallOutcome> keeper) {
		this.call = call;
		this.keep = keep;
		this.store = store;
		this.patience = patience;
		this.keeper = keeper;
		this.recording = store.begin(call).cache();
		this.recorded = Database.within(patience, this.recording).cache();
		this.state = isKeyed() ? State.RECORDING : State.RUNNING;
	}

	@Override
	public CallId id() {
		return this.call.id();
	}

	boolean isKeyed() {
		return this.call.key() != null;
	}

	/** Whether the call belongs to the tenant, who alone may see it. */
	boolean belongsTo(String tenant) {
		return this.call.agent().tenant().equals(tenant);
	}

	State state() {
		return this.state;
	}

	/** Returns the record of this call, or of an earlier call that has its key. */
	Mono<StoredCall> recorded() {
		return this.recorded;
	}

	/**
	 * Returns the call's life, from recording it to keeping its outcome. Subscribe to it
	 * only once, and do not cancel the subscription. A call with a key runs after it has
	 * been recorded, and does not run if an earlier call has the key. A call without a
	 * key runs at once, even if the directory is away.
	 * @param run runs the call when it is subscribed to
	 * @return completes when the call need not stay in memory any more
	 */
	Mono<Void> live(Mono<CallOutcome> run) {
		// The reference is cleared when the call runs, so that a call that is kept after
		// its end does not hold its payload.
		AtomicReference<@Nullable Mono<CallOutcome>> once = new AtomicReference<>(run);
		Mono<Void> life = Mono.defer(() -> run(Objects.requireNonNull(once.getAndSet(null))))
			.then(Mono.defer(this::storeAndTell))
			.flatMap((stored) -> stored ? Mono.empty() : keep());
		if (isKeyed()) {
			return this.recorded.flatMap((record) -> record.id().equals(id()) ? life : Mono.empty())
				.onErrorResume((_) -> giveUp());
		}
		return Mono.when(this.recording.onErrorComplete(), life);
	}

	private Mono<Void> run(Mono<CallOutcome> run) {
		this.state = State.RUNNING;
		return (this.ended.get() != null) ? Mono.empty()
				: run.takeUntilOther(this.cancelled.asMono()).doOnNext(this::end).then();
	}

	/**
	 * Stores the outcome. If this frees the key, the callers get the outcome afterwards:
	 * a caller that tries again at once may use the key again. If the directory is slow,
	 * the callers get the outcome before.
	 */
	private Mono<Boolean> storeAndTell() {
		Mono<Boolean> stored = store();
		if (!freesKey()) {
			return stored;
		}
		Mono<Boolean> shared = stored.cache();
		return Database.within(this.patience, shared).onErrorComplete().doFinally((_) -> tell()).then(shared);
	}

	/**
	 * Stores the outcome. In two cases the call is settled, which frees its key: the call
	 * certainly never ran, or recording the call failed. After such a failure the call
	 * may still be recorded, and then must not have the key.
	 * @return true if the directory has the outcome
	 */
	private Mono<Boolean> store() {
		this.state = State.STORING;
		CallOutcome outcome = this.keeper.apply(Objects.requireNonNull(this.ended.get()));
		this.ended.set(outcome);
		return this.recording.map((record) -> record.id().equals(id()))
			.onErrorResume(DatabaseUnavailableException.class,
					(failure) -> failure.isUnsent() ? Mono.empty() : Mono.just(false))
			.flatMap((recorded) -> (recorded && !freesKey()) ? this.store.end(id(), outcome.resource(), this.keep)
					: this.store.settle(this.call, outcome.resource(), KEEP_UNKEYED).thenReturn(true))
			.defaultIfEmpty(false)
			.onErrorReturn(false);
	}

	private Mono<Void> keep() {
		this.state = State.KEPT;
		return Mono.delay(KEEP_UNKEYED).then();
	}

	/**
	 * Ends a call that the directory has not recorded in time. The directory may still
	 * record it. So the call is settled after the attempt to record it has ended.
	 */
	private Mono<Void> giveUp() {
		end(CallOutcome.of(id(), ProblemException.directoryDown()));
		tell();
		return store().then();
	}

	/**
	 * Ends the call, and gives its callers the outcome unless a key must be freed before.
	 * @return false if the call had ended before
	 */
	private boolean end(CallOutcome outcome) {
		boolean first = this.ended.compareAndSet(null, outcome);
		if (first && !freesKey()) {
			tell();
		}
		return first;
	}

	private void tell() {
		this.outcome.tryEmitValue(this.ended.get());
	}

	/** Whether the call has a key and has ended so that another call may have the key. */
	private boolean freesKey() {
		CallOutcome outcome = this.ended.get();
		return isKeyed() && outcome != null && outcome.outcome() == Outcome.NOT_SENT;
	}

	@Override
	public Mono<CallOutcome> cancel() {
		return Mono.defer(() -> {
			if (end(CallOutcome.of(id(), new ProblemException(Problem.CALL_CANCELLED, "The call was cancelled")))) {
				this.cancelled.tryEmitEmpty();
			}
			return outcome();
		});
	}

	@Override
	public Optional<CallOutcome> ended() {
		return Optional.ofNullable(this.ended.get());
	}

	@Override
	public Mono<CallOutcome> outcome() {
		return this.outcome.asMono();
	}

	/** The states of a call that this node runs. */
	enum State {

		/** The call has a key, and waits until the directory has recorded it. */
		RECORDING,
		/** The call is on its way to the agent, or the agent has it. */
		RUNNING,
		/** The call has ended, and the directory is asked to store its outcome. */
		STORING,
		/** The directory does not have the outcome, so this node keeps it for a while. */
		KEPT

	}

}
