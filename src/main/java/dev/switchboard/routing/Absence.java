package dev.switchboard.routing;

import java.time.Instant;
import java.util.function.BooleanSupplier;

import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;

/**
 * The problem of an agent that no node is known to hold. While the directory takes no
 * claims, such an agent may be connected to a node that cannot say so, and is neither
 * unknown nor offline: it is out of reach for now.
 *
 * @param takesClaims whether the directory stores claims, as far as this node knows
 */
record Absence(BooleanSupplier takesClaims) {

	/** The problem of an agent that the directory does not have. */
	ProblemException unknown() {
		return this.takesClaims.getAsBoolean() ? DirectoryQueries.agentUnknown() : doubtful();
	}

	/** The problem of an agent that is not where the directory has it. */
	ProblemException offline(Instant lastSeen) {
		return this.takesClaims.getAsBoolean() ? ProblemException.offline(lastSeen) : doubtful();
	}

	private static ProblemException doubtful() {
		return new ProblemException(Problem.UNAVAILABLE,
				"The directory takes no claims at present, so it is not known where the agent is");
	}

}
