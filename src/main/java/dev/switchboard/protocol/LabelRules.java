package dev.switchboard.protocol;

/** The rules for the labels of agents. */
public final class LabelRules {

	/** The most labels of an agent. */
	public static final int MAX_LABELS = 32;

	/** The most characters (code points) of a label's value. */
	public static final int MAX_VALUE = 256;

	private LabelRules() {
	}

	/** Whether the text may be the name of a label: it has the form of an identifier. */
	public static boolean isName(String text) {
		return Identifiers.isValid(text);
	}

	/** Whether the text may be the value of a label. */
	public static boolean isValue(String text) {
		return text.codePointCount(0, text.length()) <= MAX_VALUE;
	}

}
