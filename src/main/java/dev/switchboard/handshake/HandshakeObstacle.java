package dev.switchboard.handshake;

/**
 * A reason why this node takes no handshakes at the moment. A room that knows such a
 * reason provides a bean of this type. Thread-safe.
 */
@FunctionalInterface
public interface HandshakeObstacle {

	/** Whether the reason holds now. Called at each handshake, so it must be cheap. */
	boolean isThere();

}
