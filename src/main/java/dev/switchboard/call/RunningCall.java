package dev.switchboard.call;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.CallId;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * A call that goes on without its caller: whoever asks shares its outcome, and it ends
 * once, by its answer, its failure or its cancellation. Thread-safe.
 */
final class RunningCall implements RecordedCall {

	private final CallId id;

	private final String tenant;

	private final AtomicReference<@Nullable CallOutcome> ended = new AtomicReference<>();

	private final Sinks.One<CallOutcome> outcome = Sinks.one();

	private final Disposable.Swap run = Disposables.swap();

	RunningCall(CallId id, String tenant) {
		this.id = id;
		this.tenant = tenant;
	}

	@Override
	public CallId id() {
		return this.id;
	}

	/** Whether a tenant may know of it. */
	boolean belongsTo(String tenant) {
		return this.tenant.equals(tenant);
	}

	/** Starts it. */
	void start(Mono<CallOutcome> call) {
		this.run.update(call.subscribe(this::end));
	}

	/** Ends it unless it has ended. */
	void end(CallOutcome outcome) {
		if (this.ended.compareAndSet(null, outcome)) {
			this.outcome.tryEmitValue(outcome);
		}
	}

	@Override
	public Mono<CallOutcome> cancel() {
		return Mono.defer(() -> {
			end(CallOutcome.of(this.id, new ProblemException(Problem.CALL_CANCELLED, "The call was cancelled")));
			this.run.dispose();
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

}
