package dev.switchboard.agent;

/** Says that an event is not in the event log, and will not be sent again. */
public class EventRefusedException extends RuntimeException {

	/** The code of an event for which the agent has no room. */
	public static final String FULL = "full";

	/** The code of an event that was not acknowledged before the agent was closed. */
	public static final String CLOSED = "closed";

	private final String code;

	EventRefusedException(String code, String message) {
		super(message);
		this.code = code;
	}

	/** Returns the gateway's code, {@link #FULL} or {@link #CLOSED}. */
	public String code() {
		return this.code;
	}

}
