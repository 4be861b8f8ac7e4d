package dev.switchboard.node;

/** The states of a node in the directory. */
public enum NodeState {

	/** Takes connections. */
	UP(0),
	/** Takes no more connections, and moves its agents away. */
	DRAINING(1),
	/**
	 * Its heartbeat has stood still for too long. Its claims have been released or are
	 * about to be.
	 */
	DEAD(2);

	private final int stored;

	NodeState(int stored) {
		this.stored = stored;
	}

	/** Returns the number that stands for the state in the database. */
	public int stored() {
		return this.stored;
	}

	public static NodeState of(int stored) {
		return switch (stored) {
			case 0 -> UP;
			case 1 -> DRAINING;
			default -> DEAD;
		};
	}

}
