package dev.switchboard.cluster.simulation;

import java.util.Arrays;

/** The rules that every life must keep. */
enum Rule {

	ENDS_ONCE(1, "Each call ends exactly once, while its node lives."),
	NOT_SENT(2, "An agent never receives a call that ended as not_sent."),
	OWN_ANSWER(3, "A completed call has the answer that its agent gave to it."),
	AT_MOST_ONCE(4,
			"An agent receives a call, or the calls of a key, at most once, and all callers of a key get the"
					+ " same result."),
	FREE_KEY(5, "After not_sent, the same key runs."),
	NO_CROSSING(6, "No call reaches an agent to which it was not made."),
	IN_TIME(7, "A call ends within its wait and 0.5 s, unless its node stood still."),
	ONE_CANCEL(8,
			"An agent that works on a call when its caller leaves gets one cancel, and no call gets a cancel after its"
					+ " answer."),
	SUPERSEDED(9, "A connection is closed as superseded only if a newer handshake of its agent was taken."),
	HEALED(10, "When all is healed, each agent has one session, which every node reaches."),
	NEWEST_SERVES(11,
			"A call that begins 0.5 s after a newer welcome is not served by an older connection, if"
					+ " nothing is broken, or if its node goes on after a pause of half a lease or longer."),
	NOT_GIVEN_UP(12, "No node is given up that ran, however long the database was away."),
	EPOCHS_RISE(13, "The epoch of an agent's row never falls."),
	EMPTY_HEALS(14,
			"A database that was emptied heals without a restart: then, too,"
					+ " each agent has one session, which every node reaches."),
	NOTHING_KEPT(15, "When all is quiet, nothing is left of calls, and each session is one of an agent."),
	DRAIN_LOSES_NOTHING(16,
			"A node that is stopped by SIGTERM loses no call, neither of its callers nor to its agents."),
	WRONG_SECRET(17, "A node with another secret than the other nodes is not ready, and takes no agents."),
	NO_ERRORS(18, "No error is dropped, and no task fails."),
	LABELS_LAST(19, "When all is quiet, the directory has the labels that each agent gave last.");

	private final int number;

	private final String sentence;

	Rule(int number, String sentence) {
		this.number = number;
		this.sentence = sentence;
	}

	/**
	 * Returns the rule with this number.
	 * @throws IllegalArgumentException if there is none
	 */
	static Rule of(int number) {
		return Arrays.stream(values())
			.filter((rule) -> rule.number == number)
			.findFirst()
			.orElseThrow(() -> new IllegalArgumentException("there is no rule " + number));
	}

	String sentence() {
		return this.sentence;
	}

	@Override
	public String toString() {
		return this.number + " " + name();
	}

}
