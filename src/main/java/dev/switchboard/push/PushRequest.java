package dev.switchboard.push;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.CallId;
import reactor.core.publisher.Mono;

/** A request to store a push, and its answer. Thread-safe. */
final class PushRequest {

	private final DurablePush push;

	private final CompletableFuture<CallId> answer = new CompletableFuture<>();

	private final AtomicReference<State> state = new AtomicReference<>(State.QUEUED);

	private enum State {

		/** No statement that stores the push has been sent. */
		QUEUED,

		/** Such a statement may have been sent. */
		STORING,

		/** The caller was told that the push is not stored, so it never will be. */
		ABANDONED

	}

	PushRequest(DurablePush push) {
		this.push = push;
	}

	DurablePush push() {
		return this.push;
	}

	AgentId agent() {
		return this.push.agent();
	}

	/** Returns about how many bytes the request keeps in memory. */
	int size() {
		return this.push.payload().length() + this.push.method().length();
	}

	/**
	 * Returns the id of the stored push; an error of {@link ProblemException} if none is
	 * stored.
	 */
	Mono<CallId> answer() {
		return Mono.fromFuture(this.answer, true);
	}

	/** Whether the request has neither been answered nor abandoned. */
	boolean isOpen() {
		return !this.answer.isDone() && this.state.get() != State.ABANDONED;
	}

	/** Returns true if the push may be stored now; the caller then stores it. */
	boolean begin() {
		return this.state.compareAndSet(State.QUEUED, State.STORING);
	}

	/** Takes {@link #begin} back, since the statement was certainly not sent. */
	void notBegun() {
		this.state.compareAndSet(State.STORING, State.QUEUED);
	}

	/** Answers with the id of the push, or of the earlier push that has its key. */
	void stored(CallId id) {
		this.answer.complete(id);
	}

	void refuse(ProblemException problem) {
		this.answer.completeExceptionally(problem);
	}

	/**
	 * Ends a request that the directory does not answer. The result says whether the push
	 * is surely not stored.
	 */
	ProblemException unanswered() {
		return (this.state.compareAndSet(State.QUEUED, State.ABANDONED) || this.state.get() == State.ABANDONED)
				? ProblemException.directoryDown() : new ProblemException(Problem.DEADLINE_EXCEEDED,
						"The directory did not answer in time; the push may have been stored");
	}

}
