package dev.switchboard.cluster.simulation;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/** The rules that a life broke. */
final class Violations {

	private static final int KEPT = 20;

	private final World world;

	private final Map<Rule, List<String>> found = new EnumMap<>(Rule.class);

	Violations(World world) {
		this.world = world;
	}

	void add(Rule rule, String what) {
		List<String> all = this.found.computeIfAbsent(rule, (_) -> new ArrayList<>());
		this.world.note("VIOLATION of rule " + rule + ": " + what);
		if (all.size() < KEPT) {
			all.add(what);
		}
	}

	/** Takes note of a violation unless the condition holds. */
	void unless(boolean kept, Rule rule, String what) {
		if (!kept) {
			add(rule, what);
		}
	}

	boolean isEmpty() {
		return this.found.isEmpty();
	}

	Set<Rule> rules() {
		return this.found.keySet();
	}

	/** Returns the first violation of a rule; null if there is none. */
	@Nullable String first(Rule rule) {
		List<String> all = this.found.get(rule);
		return (all != null) ? all.getFirst() : null;
	}

	@Override
	public String toString() {
		Map<Rule, String> lines = new TreeMap<>();
		this.found.forEach((rule, all) -> lines.put(rule, all.size() + "x " + Objects.requireNonNull(first(rule))));
		return lines.toString();
	}

}
