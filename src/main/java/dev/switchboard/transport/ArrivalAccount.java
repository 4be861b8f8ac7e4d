package dev.switchboard.transport;

/**
 * Reports the bytes of one message that is arriving. Exists only for a message that does
 * not come in one read.
 */
final class ArrivalAccount {

	/** The objects that exist for a message beside its bytes. */
	private static final int OVERHEAD = 256;

	private final SessionObserver.Arrival arrival;

	private int held;

	ArrivalAccount(SessionObserver.Arrival arrival) {
		this.arrival = arrival;
	}

	/** Records how many bytes the arrays of the message have. */
	void holds(int bytes) {
		int change = OVERHEAD + bytes - this.held;
		this.held += change;
		if (change != 0) {
			this.arrival.held(change);
		}
	}

	void end() {
		this.arrival.held(-this.held);
		this.arrival.ended();
	}

}
