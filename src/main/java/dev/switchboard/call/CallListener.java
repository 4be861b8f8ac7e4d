package dev.switchboard.call;

/**
 * Is notified of every call that this node has run for a caller. A room that wants to
 * know provides a bean of this type. Called on event loops, on the hot path of a call, so
 * it must cost next to nothing. Thread-safe.
 */
@FunctionalInterface
public interface CallListener {

	/** Called once when a call has ended. */
	void ended(EndedCall call);

}
