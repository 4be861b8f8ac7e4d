package dev.switchboard.call;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;

import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.quota.BudgetHold;
import dev.switchboard.quota.BudgetKind;
import dev.switchboard.quota.ByteBudget;
import dev.switchboard.time.TimeSource;

/**
 * Counts the bytes of outcomes that this process keeps: until the directory has them, or
 * as long as they are kept if the directory is in this process. An answer for which there
 * are no bytes left goes to the caller that waits for it, and is not kept. Thread-safe.
 */
final class KeptOutcomes {

	/** What a row and its object take beside the outcome. */
	private static final int OVERHEAD = 1024;

	private final ByteBudget budget;

	private final boolean inProcess;

	private final TimeSource time;

	/** The outcomes of calls with a key, and those of others, in order of their ends. */
	private final Queue<Expiring> keyed = new ConcurrentLinkedQueue<>();

	private final Queue<Expiring> unkeyed = new ConcurrentLinkedQueue<>();

	private final LongAdder dropped = new LongAdder();

	private record Expiring(BudgetHold hold, long endNanos) {
	}

	/**
	 * @param inProcess whether the directory keeps its rows in the memory of this process
	 */
	KeptOutcomes(ByteBudget budget, boolean inProcess, TimeSource time) {
		this.budget = budget;
		this.inProcess = inProcess;
		this.time = time;
	}

	/** Makes the account of a call's outcome. */
	BudgetHold of(NewCall call) {
		return new BudgetHold(this.budget, BudgetKind.OUTCOMES, call.agent().tenant());
	}

	/**
	 * Counts an outcome.
	 * @return the outcome to keep, which is a failure if there is no room for the answer
	 */
	CallOutcome keep(NewCall call, BudgetHold hold, CallOutcome outcome) {
		if (hold.tryGrow(OVERHEAD + outcome.resource().length())) {
			return outcome;
		}
		CallOutcome kept = (outcome.status() == 200) ? tooLarge(call) : outcome;
		hold.grow(OVERHEAD + kept.resource().length());
		return kept;
	}

	private CallOutcome tooLarge(NewCall call) {
		this.dropped.increment();
		return CallOutcome.of(call.id(), new ProblemException(Problem.RESULT_TOO_LARGE,
				"The answer was not kept, because the memory for kept outcomes is used up"));
	}

	/**
	 * Records that a call need not stay in memory any more. A row of a directory in this
	 * process stays as long as the outcome is kept.
	 */
	void ended(NewCall call, BudgetHold hold, Duration keep) {
		if (this.inProcess) {
			queue(call).add(new Expiring(hold, this.time.nanoTime() + keep.toNanos()));
		}
		else {
			hold.release();
		}
	}

	private Queue<Expiring> queue(NewCall call) {
		return (call.key() != null) ? this.keyed : this.unkeyed;
	}

	/** Gives back the bytes of rows that have expired. */
	void expire() {
		expire(this.keyed);
		expire(this.unkeyed);
	}

	private void expire(Queue<Expiring> queue) {
		Expiring first = queue.peek();
		while (first != null && first.endNanos - this.time.nanoTime() <= 0) {
			if (queue.remove(first)) {
				first.hold.release();
			}
			first = queue.peek();
		}
	}

	/** Returns how many answers were not kept. */
	long dropped() {
		return this.dropped.sum();
	}

}
