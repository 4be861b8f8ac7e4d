package dev.switchboard.node;

/** Learns that this node has lost its place among the nodes and has it again. */
@FunctionalInterface
public interface RegistrationListener {

	/**
	 * The directory had declared this node dead, and the node has registered anew: its
	 * claims were released, and are to be made again with their epochs. Called on the
	 * database's threads, which must not be blocked.
	 */
	void registeredAnew();

}
