package dev.switchboard.call;

import java.time.Duration;

import dev.switchboard.connection.Answer;
import dev.switchboard.connection.ChunkReceiver;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.quota.BudgetHold;
import dev.switchboard.quota.Quota;
import dev.switchboard.quota.TenantLimits;
import dev.switchboard.routing.AgentRouter;
import dev.switchboard.routing.Call;
import reactor.core.publisher.Mono;

/** Runs calls and measures them. Thread-safe. */
public final class CallService {

	private final AgentRouter router;

	private final CallMetrics metrics;

	private final HeldCalls held;

	private final TenantLimits limits;

	CallService(AgentRouter router, CallMetrics metrics, HeldCalls held, TenantLimits limits) {
		this.router = router;
		this.metrics = metrics;
		this.held = held;
		this.limits = limits;
	}

	/**
	 * Runs a call, if its tenant may have one more in flight. Subscribe to the result
	 * without delay, and only once. Cancelling the result cancels the call. The bytes of
	 * a call that may wait for its agent to connect are counted.
	 * @return the agent's answer; an error of {@link ProblemException} if the call failed
	 */
	public Mono<Answer> call(CallRequest request) {
		Duration connectWait = request.options().connectWait();
		Call call = counted(request.call());
		Mono<Answer> run = this.metrics.measure(call, this.router.run(call, connectWait), this.limits);
		return connectWait.isZero() ? run : BudgetHold.during(() -> this.held.whole(request), run);
	}

	/** Returns the call with a receiver that takes the bytes of chunks off the quota. */
	private Call counted(Call call) {
		ChunkReceiver chunks = call.chunks();
		return chunks.equals(ChunkReceiver.DROP) ? call : new Call(call.agent(), call.frame(), (chunk) -> {
			this.limits.charge(Quota.BYTES_PER_SECOND, call.agent().tenant(), chunk.length());
			return chunks.accept(chunk);
		});
	}

	/**
	 * Checks whether a call could start.
	 * @return completes if the call could start; an error of {@link ProblemException} if
	 * the call would fail at once with that problem
	 */
	public Mono<Void> check(CallRequest request) {
		CallRequest.Options options = request.options();
		return this.router.check(request.agent(), options.timeToLive(), !options.connectWait().isZero());
	}

}
