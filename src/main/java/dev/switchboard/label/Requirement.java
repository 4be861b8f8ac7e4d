package dev.switchboard.label;

import java.util.Collections;
import java.util.SequencedSet;

/**
 * One condition of a selector, on one label.
 *
 * @param name the label's name
 * @param negated whether agents that meet the rest of the condition are left out
 * @param values the values of which the label must have one; empty if any value will do
 */
public record Requirement(String name, boolean negated, SequencedSet<String> values) {

	public Requirement {
		values = Collections.unmodifiableSequencedSet(values);
	}

	/** Whether the label must be there, with whatever value. */
	boolean isExistence() {
		return this.values.isEmpty();
	}

}
