package dev.switchboard.node;

/** Is notified when this node has registered anew after it was declared dead. */
@FunctionalInterface
public interface RegistrationListener {

	/**
	 * The directory had declared this node dead, and the node has registered anew: its
	 * claims were released, and must be stored again with the same epochs. Called on the
	 * database's threads, which must not be blocked.
	 */
	void registeredAnew();

}
