package dev.switchboard.label;

import java.util.List;

/**
 * Selects agents by their labels. An agent is selected if it meets all requirements. As
 * in Kubernetes, an agent without a label meets the negated requirements on that label.
 *
 * @param requirements the requirements; none of them selects all agents
 */
public record Selector(List<Requirement> requirements) {

	/** Selects all agents. */
	public static final Selector ALL = new Selector(List.of());

	public Selector {
		requirements = List.copyOf(requirements);
	}

	/**
	 * Reads a selector in the form of a Kubernetes label selector:
	 * {@code env=prod,role!=db,region in (eu,us),!canary}.
	 * @throws SelectorException if the text is not a selector
	 */
	public static Selector parse(String text) {
		return new SelectorReader(text).read();
	}

	/** Whether each agent is selected. */
	public boolean selectsAll() {
		return this.requirements.isEmpty();
	}

}
