package dev.switchboard.security;

/** Settings that this node does not start with. */
public final class SettingsRefusedException extends RuntimeException {

	private final String action;

	/**
	 * @param description what is wrong, for an operator
	 * @param action what the operator can do
	 */
	public SettingsRefusedException(String description, String action) {
		super(description);
		this.action = action;
	}

	/** What the operator can do. */
	public String action() {
		return this.action;
	}

}
