package dev.switchboard.call;

import dev.switchboard.quota.BudgetHold;
import dev.switchboard.quota.BudgetKind;
import dev.switchboard.quota.ByteBudget;

/** Counts the bytes of calls that are held, in the budget of this node. Thread-safe. */
final class HeldCalls {

	/** The objects of a call beside its body. */
	private static final int OVERHEAD = 4096;

	private final ByteBudget budget;

	HeldCalls(ByteBudget budget) {
		this.budget = budget;
	}

	/** Counts a call and its body. */
	BudgetHold whole(CallRequest request) {
		return objects(request).grow(request.body().length());
	}

	/** Counts a call without its body. */
	BudgetHold objects(CallRequest request) {
		return new BudgetHold(this.budget, BudgetKind.CALLS, request.agent().tenant()).grow(OVERHEAD);
	}

}
