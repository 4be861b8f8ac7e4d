package dev.switchboard.handshake;

/** The node for an agent that connects while another node holds it. */
public enum PlacementRule {

	/** This node takes the agent, and the older connection is closed. */
	NEWEST,
	/**
	 * The agent is redirected to the node with the older connection while that node is
	 * alive.
	 */
	OWNER

}
