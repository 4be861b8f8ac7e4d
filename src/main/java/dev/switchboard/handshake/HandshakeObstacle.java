package dev.switchboard.handshake;

/**
 * Something for which this node takes no handshakes while it is there. A room that knows
 * of one provides a bean. Thread-safe.
 */
@FunctionalInterface
public interface HandshakeObstacle {

	/** Whether the obstacle is there. It is asked at each handshake and must be cheap. */
	boolean isThere();

}
