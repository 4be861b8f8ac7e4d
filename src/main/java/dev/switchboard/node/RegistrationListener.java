package dev.switchboard.node;

/** Is notified when this node has registered again after it was declared dead. */
@FunctionalInterface
public interface RegistrationListener {

	/**
	 * Called when this node has registered again after it was declared dead. Its claims
	 * were released, so they must be stored again, with the same epochs. The call comes
	 * on a thread of the database driver, which must not be blocked.
	 */
	void registeredAnew();

}
