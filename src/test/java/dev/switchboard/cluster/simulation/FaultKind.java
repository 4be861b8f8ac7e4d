package dev.switchboard.cluster.simulation;

import java.util.Locale;

/** The kinds of faults. */
enum FaultKind {

	/** The node's process is killed, and starts again when the time is over. */
	KILL(Target.NODE, 4_000),
	/** The node's machine loses its power, and starts again when the time is over. */
	LOSE(Target.NODE, 4_000),
	/** The node gets SIGTERM. It starts again when it has ended and the time is over. */
	STOP(Target.NODE, 4_000),
	/** The node's process stands still. Some of its agents connect to other nodes. */
	PAUSE(Target.NODE, 4_000),
	/** Nothing gets through in one direction. */
	CUT(Target.WAY, 3_000),
	/** Everything in one direction takes a fifth of a second longer. */
	SLOW(Target.WAY, 3_000),
	/** The agent makes a new connection, and leaves the old one open. */
	MOVE(Target.AGENT, 0),
	/** The agent closes its connection, and connects again. */
	HANGUP(Target.AGENT, 0),
	/** The agent's machine is gone without a word, and the agent connects again. */
	VANISH(Target.AGENT, 0),
	/** The agent reads nothing and answers nothing. */
	SLEEP(Target.AGENT, 3_000),
	/** The database ends all sessions, and refuses new ones. */
	REFUSE(Target.DATABASE, 3_000),
	/** The database answers nothing. */
	FREEZE(Target.DATABASE, 3_000),
	/** The statements on a table wait, and then go on in any order. */
	LOCK(Target.TABLE, 2_000),
	/** The database refuses writes. */
	READONLY(Target.DATABASE, 3_000),
	/** The database's clock goes forwards by the time. */
	FORWARD(Target.DATABASE, 20_000),
	/** The database's clock goes backwards by the time. */
	BACKWARD(Target.DATABASE, 20_000),
	/** The database loses its tables. */
	EMPTY(Target.DATABASE, 0);

	/** What a fault hits. */
	enum Target {

		NODE, WAY, AGENT, DATABASE, TABLE

	}

	private final Target target;

	private final int meanMillis;

	FaultKind(Target target, int meanMillis) {
		this.target = target;
		this.meanMillis = meanMillis;
	}

	Target target() {
		return this.target;
	}

	/** Returns the usual time of the fault in milliseconds; 0 if it takes no time. */
	int meanMillis() {
		return this.meanMillis;
	}

	/** Whether the fault goes on for its time. */
	boolean lasts() {
		return this.meanMillis > 0 && this != FORWARD && this != BACKWARD;
	}

	String text() {
		return name().toLowerCase(Locale.ROOT);
	}

}
