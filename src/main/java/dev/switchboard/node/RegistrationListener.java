package dev.switchboard.node;

/** Is notified when this node has registered again. */
@FunctionalInterface
public interface RegistrationListener {

	/**
	 * Called when this node has registered again, because it was declared dead or the
	 * directory had lost its row. This node's claims may be gone, so they must be stored
	 * again, with the same epochs. The call comes on a thread of the database driver,
	 * which must not be blocked.
	 */
	void registeredAnew();

}
