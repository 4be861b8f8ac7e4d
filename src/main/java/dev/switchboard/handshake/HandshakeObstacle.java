package dev.switchboard.handshake;

import java.time.Duration;

/**
 * A reason why this node takes no handshakes at the moment. A room that knows such a
 * reason provides a bean of this type. Thread-safe.
 */
@FunctionalInterface
public interface HandshakeObstacle {

	/** Whether the reason holds now. Called at each handshake, so it must be cheap. */
	boolean isThere();

	/** Returns the time within which the refused agents are to come back. */
	default Duration retryWithin() {
		return HandshakeAdmission.RETRY_WITHIN;
	}

}
