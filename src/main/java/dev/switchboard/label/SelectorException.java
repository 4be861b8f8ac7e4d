package dev.switchboard.label;

/** Says that a text is not a selector, what is wrong with it, and where. */
public final class SelectorException extends RuntimeException {

	private final String fault;

	/**
	 * Makes the exception.
	 * @param fault the fault, as a clause
	 * @param index the index of the first character that is wrong
	 */
	SelectorException(String fault, int index) {
		this("selector: " + fault + " at position " + (index + 1));
	}

	private SelectorException(String fault) {
		super(fault, null, false, false);
		this.fault = fault;
	}

	/** Returns what is wrong, and where: the first character has position 1. */
	public String fault() {
		return this.fault;
	}

}
