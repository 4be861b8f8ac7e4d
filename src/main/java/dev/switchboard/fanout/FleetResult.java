package dev.switchboard.fanout;

import dev.switchboard.connection.Answer;
import dev.switchboard.problem.Outcome;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.CallId;
import org.jspecify.annotations.Nullable;

/** How a fleet call ended for one agent. Immutable. */
public sealed interface FleetResult {

	/**
	 * Returns the outcome; {@link Outcome#COMPLETED} for a push that was sent or stored.
	 */
	Outcome outcome();

	/** The agent has answered. */
	record Answered(CallId id, Answer answer) implements FleetResult {

		@Override
		public Outcome outcome() {
			return (this.answer instanceof Answer.Completed) ? Outcome.COMPLETED : Outcome.REJECTED;
		}

	}

	/** The push was written to the agent's connection. */
	record Sent(CallId id) implements FleetResult {

		@Override
		public Outcome outcome() {
			return Outcome.COMPLETED;
		}

	}

	/** The durable push is stored. */
	record Queued(CallId id) implements FleetResult {

		@Override
		public Outcome outcome() {
			return Outcome.COMPLETED;
		}

	}

	/**
	 * The call or push has failed, or was not begun.
	 *
	 * @param id the id of the call or push; null if it was not begun
	 */
	record Failed(@Nullable CallId id, ProblemException problem) implements FleetResult {

		@Override
		public Outcome outcome() {
			return this.problem.outcome();
		}

	}

}
