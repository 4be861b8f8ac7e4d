package dev.switchboard.fanout;

/**
 * The limits on what is in flight of all fleet calls of this node. Thread-safe.
 *
 * @param inFlight the limit on calls and pushes that are sent
 * @param storing the limit on durable pushes that are being stored. It is far below the
 * room of the queue in which pushes wait to be stored, and they are stored in less than
 * the time for one push. So other pushes are not refused, and do not wait for long
 */
record FleetLimits(InFlightLimit inFlight, InFlightLimit storing) {

	/** The bytes for which a durable push takes one place. */
	private static final int BYTES_OF_A_PLACE = 32 * 1024;

	static FleetLimits of(FleetSettings settings) {
		return new FleetLimits(new InFlightLimit(settings.maxInFlight()), new InFlightLimit(settings.maxStoring()));
	}

	/** Returns the limit for such messages. */
	InFlightLimit of(FleetMessage message) {
		return message.isStored() ? this.storing : this.inFlight;
	}

	/** Returns how many places of the limit such a message takes. */
	static int places(FleetMessage message) {
		return (message instanceof FleetMessage.ToStore push) ? 1 + push.bytes() / BYTES_OF_A_PLACE : 1;
	}

}
