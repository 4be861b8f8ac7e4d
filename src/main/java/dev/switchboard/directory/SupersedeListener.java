package dev.switchboard.directory;

/** Is notified of connections on other nodes that connections of this node supersede. */
@FunctionalInterface
public interface SupersedeListener {

	/**
	 * A claim of this node has superseded one of a node that is not known to be dead.
	 * Called on the directory's threads, which must not be blocked, before
	 * {@link AgentDirectory#claim} completes; perhaps more than once for one claim.
	 */
	void superseded(Superseded superseded);

}
