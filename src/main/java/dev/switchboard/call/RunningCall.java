package dev.switchboard.call;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

import dev.switchboard.database.Database;
import dev.switchboard.problem.Outcome;
import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.CallId;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * A recorded call that this node runs. {@link #live} runs it, at most once, and goes on
 * without a caller. The call ends once, by its answer, its failure or its cancellation,
 * and every subscriber to its outcome gets the same one. Thread-safe.
 */
final class RunningCall implements RecordedCall {

	/**
	 * How long an ended call without a key stays: in the directory, or in memory if the
	 * directory does not keep it.
	 */
	static final Duration KEEP_UNKEYED = Duration.ofMinutes(5);

	private final NewCall call;

	private final Duration keep;

	private final CallStore store;

	/**
	 * The attempt to record the call; it goes on after {@link #recorded} has timed out.
	 */
	private final Mono<StoredCall> recording;

	private final Mono<StoredCall> recorded;

	private final AtomicReference<@Nullable CallOutcome> ended = new AtomicReference<>();

	private final Sinks.One<CallOutcome> outcome = Sinks.one();

	private final Sinks.Empty<Void> cancelled = Sinks.empty();

	private volatile State state;

	/**
	 * Describes a call, and starts nothing.
	 * @param call the call as it is to be recorded
	 * @param keep how long the directory keeps the outcome
	 * @param patience how long a call with a key waits to be recorded
	 */
	RunningCall(NewCall call, Duration keep, CallStore store, Duration patience) {
		this.call = call;
		this.keep = keep;
		this.store = store;
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

	/** Whether a tenant may see it. */
	boolean belongsTo(String tenant) {
		return this.call.agent().tenant().equals(tenant);
	}

	State state() {
		return this.state;
	}

	/** The record of the call, or of the earlier call that holds its key. */
	Mono<StoredCall> recorded() {
		return this.recorded;
	}

	/**
	 * The call's life, for one subscriber that does not cancel it. A call with a key runs
	 * once it is recorded, and not at all if an earlier call holds the key. A call
	 * without a key runs at once, whether or not the directory is there.
	 * @param run runs the call when subscribed to
	 * @return completes when the call need not be in memory any more
	 */
	Mono<Void> live(Mono<CallOutcome> run) {
		// Cleared when the call runs: if the call is kept after its end, it does not
		// hold its payload.
		AtomicReference<@Nullable Mono<CallOutcome>> once = new AtomicReference<>(run);
		Mono<Void> life = Mono.defer(() -> run(Objects.requireNonNull(once.getAndSet(null))))
			.then(Mono.defer(this::store))
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

	/** Stores the outcome, or frees the key of a call that certainly never ran. */
	private Mono<Boolean> store() {
		this.state = State.STORING;
		CallOutcome outcome = Objects.requireNonNull(this.ended.get());
		boolean freed = isKeyed() && outcome.outcome() == Outcome.NOT_SENT;
		Mono<Boolean> stored = freed ? this.store.forget(id()).thenReturn(false)
				: this.store.end(id(), outcome.resource(), this.keep);
		return this.recording.onErrorComplete().then(stored).onErrorReturn(false);
	}

	private Mono<Void> keep() {
		this.state = State.KEPT;
		return Mono.delay(KEEP_UNKEYED).then();
	}

	/**
	 * Ends a call that the directory did not record in time. The directory may still
	 * record it, so the key is freed only when the attempt to record it has ended.
	 */
	private Mono<Void> giveUp() {
		end(CallOutcome.of(id(), ProblemException.directoryDown()));
		return store().then();
	}

	/** Ends the call, unless it has ended. */
	private boolean end(CallOutcome outcome) {
		boolean first = this.ended.compareAndSet(null, outcome);
		if (first) {
			this.outcome.tryEmitValue(outcome);
		}
		return first;
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

	/** Where a call is in its life. */
	enum State {

		/** The directory is asked whether the call is the first with its key. */
		RECORDING,
		/** The call is on its way to the agent, or the agent has it. */
		RUNNING,
		/** The call has ended, and the directory is asked to store its outcome. */
		STORING,
		/** The directory does not keep the call, so this node does for a while. */
		KEPT

	}

}
