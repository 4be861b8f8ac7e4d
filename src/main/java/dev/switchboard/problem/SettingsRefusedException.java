package dev.switchboard.problem;

/** The node does not start, because its settings are incomplete or unsafe. */
public final class SettingsRefusedException extends RuntimeException {

	private final String action;

	/**
	 * @param description the fault, for an operator
	 * @param action the remedy, for an operator
	 */
	public SettingsRefusedException(String description, String action) {
		super(description);
		this.action = action;
	}

	/** Returns the remedy, for an operator. */
	public String action() {
		return this.action;
	}

}
