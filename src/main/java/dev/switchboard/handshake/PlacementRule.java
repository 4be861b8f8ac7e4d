package dev.switchboard.handshake;

/** Which node gets an agent that connects here while a different node holds it. */
public enum PlacementRule {

	/** This node gets the agent, and the older connection is closed. */
	NEWEST,
	/**
	 * The agent is redirected to the node that holds it, if that node is up, within its
	 * lease, and has a public URL. Otherwise the node that was asked takes the agent.
	 */
	OWNER

}
