package dev.switchboard.directory;

/** Is notified when a connection of this node supersedes a connection on another node. */
@FunctionalInterface
public interface SupersedeListener {

	/**
	 * Called when a claim has superseded the claim of a node that is not known to be
	 * dead. The call comes before {@link AgentDirectory#claim} completes, on a thread
	 * that must not be blocked. One claim may cause more than one call.
	 */
	void superseded(Superseded superseded);

}
