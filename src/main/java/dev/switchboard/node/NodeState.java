package dev.switchboard.node;

/** The states of a node in the directory. */
public enum NodeState {

	/** Takes connections. */
	UP(0),
	/** Takes no more connections, and moves its agents away. Written by no node yet. */
	DRAINING(1),
	/** Past its lease; its claims are or will be released. */
	DEAD(2);

	private final int stored;

	NodeState(int stored) {
		this.stored = stored;
	}

	/** The number for it in the database. */
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
