package dev.switchboard.transport;

/**
 * Receives the numbers of bytes that a session reads, and holds for its peer. The
 * subscriber of {@link EventLoopSession#receive()} may implement it. Called on the
 * session's event loop. Nothing is held for a session that is idle, and for messages that
 * come whole.
 */
public interface SessionObserver {

	/**
	 * Called after each read, when the messages in it have been delivered.
	 * @param bytes the number of bytes that were read
	 * @param fragments the number of frames that belong to messages and do not end them
	 * @param controls the number of pings, pongs and Close frames
	 */
	void read(int bytes, int fragments, int controls);

	/**
	 * Called when a message or a control frame has begun and did not come whole.
	 * @param startNanos when its first byte came
	 * @return takes what becomes of it
	 */
	Arrival begun(long startNanos);

	/**
	 * Called when the number of bytes has changed that the kernel does not take, since
	 * the peer reads slowly.
	 * @param change the bytes that are held from now on, or with a negative number those
	 * that are not held any more
	 */
	void unsent(int change);

	/** A message that is arriving. */
	interface Arrival {

		/**
		 * Called when the number of bytes that the message takes has changed.
		 */
		void held(int change);

		/**
		 * Called once, when the message has come, or does not come any more. Its bytes
		 * have been taken off before.
		 */
		void ended();

	}

}
