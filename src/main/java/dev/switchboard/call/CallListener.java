package dev.switchboard.call;

/**
 * Is notified of every call that this node has run for a caller. A room that needs this
 * provides a bean of this type. The method is called on event loops, at the end of each
 * call, so it must cost next to nothing. Thread-safe.
 */
@FunctionalInterface
public interface CallListener {

	/** Called once when a call has ended. */
	void ended(EndedCall call);

}
