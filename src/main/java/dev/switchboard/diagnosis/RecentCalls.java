package dev.switchboard.diagnosis;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import dev.switchboard.call.CallListener;
import dev.switchboard.call.EndedCall;
import dev.switchboard.problem.Outcome;
import dev.switchboard.problem.Problem;
import dev.switchboard.time.Periodic;
import dev.switchboard.time.TimeSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.DisposableBean;

/**
 * Moves the calls of this node's callers into the histories of their agents. A call that
 * has ended goes into a {@link CallRing}. Once a second, off the path of calls, the ring
 * is emptied into the histories. A ring has room for about a thousand calls. If more
 * calls end in a second, only some of them are remembered. Answered calls have one ring
 * and other calls have another, so that many answers do not displace the few failures.
 * Thread-safe.
 */
final class RecentCalls implements CallListener, DisposableBean {

	private static final Logger logger = LoggerFactory.getLogger(RecentCalls.class);

	private static final Duration PAUSE = Duration.ofSeconds(1);

	private final CallRing answered = new CallRing();

	private final CallRing others = new CallRing();

	private final AgentHistories histories;

	private final TimeSource time;

	private final Periodic moving;

	RecentCalls(AgentHistories histories, TimeSource time) {
		this.histories = histories;
		this.time = time;
		this.moving = new Periodic(() -> PAUSE, () -> Mono.fromRunnable(this::move),
				(failure) -> logger.error("Recent calls are not remembered", failure));
	}

	/** Begins to move calls once a second. */
	void start() {
		this.moving.start();
	}

	@Override
	public void ended(EndedCall call) {
		if (call.outcome() == Outcome.COMPLETED || call.outcome() == Outcome.REJECTED) {
			this.answered.keep(call);
		}
		else if (call.problem() != Problem.AGENT_UNKNOWN) {
			// Calls to agents that do not exist must not fill the memory with names.
			this.others.keep(call);
		}
	}

	/** Moves all calls that have ended so far. */
	void move() {
		List<EndedCall> calls = new ArrayList<>();
		this.answered.take(calls::add);
		this.others.take(calls::add);
		Instant now = this.histories.now();
		long nanoTime = this.time.nanoTime();
		calls.sort(Comparator.comparingLong((call) -> call.startNanos() - nanoTime));
		calls.forEach((call) -> this.histories.add(call.agent(),
				RecentCall.of(call, now.minusNanos(nanoTime - call.startNanos()))));
	}

	@Override
	public void destroy() {
		this.moving.dispose();
	}

}
