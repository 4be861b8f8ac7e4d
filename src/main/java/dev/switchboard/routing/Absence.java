package dev.switchboard.routing;

import java.time.Instant;
import java.util.function.BooleanSupplier;

import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;

/**
 * Makes the problem for an agent that no node is known to hold. Usually the agent is
 * unknown or offline. But while the directory takes no claims, the agent may be connected
 * to a node whose claim is not stored yet. Then the problem is that the agent cannot be
 * found for now.
 *
 * @param takesClaims whether the directory takes claims, as far as this node knows
 */
record Absence(BooleanSupplier takesClaims) {

	/** Returns the problem for an agent that the directory does not know. */
	ProblemException unknown() {
		return this.takesClaims.getAsBoolean() ? DirectoryQueries.agentUnknown() : doubtful();
	}

	/**
	 * Returns the problem for an agent that no node holds. The directory may still name a
	 * node that does not hold the agent any more.
	 */
	ProblemException offline(Instant lastSeen) {
		return this.takesClaims.getAsBoolean() ? ProblemException.offline(lastSeen) : doubtful();
	}

	private static ProblemException doubtful() {
		return new ProblemException(Problem.UNAVAILABLE,
				"The directory takes no claims at present, so it is not known where the agent is");
	}

}
