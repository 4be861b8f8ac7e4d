package dev.switchboard.quota;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

import dev.switchboard.problem.ProblemException;
import reactor.core.publisher.Mono;

/**
 * Bytes that are held for one tenant and one purpose until they are released. It may
 * grow, and is released only once. Thread-safe, but growing and releasing must not be
 * done at the same time.
 */
public final class BudgetHold {

	private final ByteBudget budget;

	private final BudgetKind kind;

	private final String tenant;

	private final AtomicLong bytes = new AtomicLong();

	/** Makes a hold of no bytes. */
	public BudgetHold(ByteBudget budget, BudgetKind kind, String tenant) {
		this.budget = budget;
		this.kind = kind;
		this.tenant = tenant;
	}

	/**
	 * Holds more bytes, if the budget has them.
	 * @return whether the bytes are held
	 */
	public boolean tryGrow(long more) {
		if (!this.budget.tryAdd(this.kind, this.tenant, more)) {
			return false;
		}
		this.bytes.addAndGet(more);
		return true;
	}

	/** Holds more bytes, whether or not the budget has them. */
	public BudgetHold grow(long more) {
		this.budget.add(this.kind, this.tenant, more);
		this.bytes.addAndGet(more);
		return this;
	}

	/** Makes the problem of a request for which there are no bytes left. */
	public ProblemException refusal() {
		return this.budget.refusal(this.tenant);
	}

	/** Gives all bytes back. Repeated calls do no harm. */
	public void release() {
		long held = this.bytes.getAndSet(0);
		if (held != 0) {
			this.budget.add(this.kind, this.tenant, -held);
		}
	}

	/** Holds these bytes from the subscription to the end of the work. */
	public static <T> Mono<T> during(Supplier<BudgetHold> hold, Mono<T> work) {
		return Mono.defer(() -> {
			BudgetHold held = hold.get();
			return work.doFinally((_) -> held.release());
		});
	}

}
