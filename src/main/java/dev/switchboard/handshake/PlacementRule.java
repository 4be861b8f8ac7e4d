package dev.switchboard.handshake;

/** What becomes of a handshake for an agent that is connected to another node. */
public enum PlacementRule {

	/** It is taken, and the older connection is closed. */
	NEWEST,
	/** It is sent to the node that has the older connection, while that lives. */
	OWNER

}
