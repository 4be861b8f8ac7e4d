package dev.switchboard.node;

/** What the directory says of a node. */
public enum NodeState {

	/** Takes connections. */
	UP(0),
	/** Takes none any more, and moves its agents away. */
	DRAINING(1),
	/** Was not heard of for its lease; its claims have been or are being released. */
	DEAD(2);

	private final int stored;

	NodeState(int stored) {
		this.stored = stored;
	}

	/** The number that stands for it in the database. */
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
