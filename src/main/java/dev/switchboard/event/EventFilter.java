package dev.switchboard.event;

import java.util.Set;
import java.util.stream.Collectors;

import dev.switchboard.protocol.AgentId;

/**
 * Selects entries of a tenant's log. An empty set selects all.
 *
 * @param types the types of the entries
 * @param subjects the subjects of the entries
 * @param sources the sources of the entries
 */
public record EventFilter(Set<String> types, Set<String> subjects, Set<String> sources) {

	/** Selects all entries. */
	static final EventFilter ALL = new EventFilter(Set.of(), Set.of(), Set.of());

	/**
	 * Makes a filter.
	 * @param agents the agents that the entries are from
	 */
	public static EventFilter of(Set<String> types, Set<String> subjects, Set<AgentId> agents) {
		return new EventFilter(Set.copyOf(types), Set.copyOf(subjects),
				agents.stream().map(EventEntry::sourceOf).collect(Collectors.toUnmodifiableSet()));
	}

	boolean selects(EventEntry entry) {
		return selects(this.types, entry.type()) && selects(this.subjects, entry.subject())
				&& selects(this.sources, entry.source());
	}

	private static boolean selects(Set<String> wanted, String value) {
		return wanted.isEmpty() || wanted.contains(value);
	}

}
