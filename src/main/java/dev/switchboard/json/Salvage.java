package dev.switchboard.json;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * What can be read of an object that is faulty: its text may be malformed or end too
 * early, and its members may be of the wrong type or there twice. It leaves out what is
 * unusable, and never throws. Immutable and thread-safe. For objects that should be
 * right, {@link Envelope} is faster and says what is wrong.
 */
public final class Salvage {

	private final byte[] json;

	private final List<Outline.Found> members;

	private final boolean whole;

	private Salvage(byte[] json, int from, int end) {
		this.json = json;
		Outline outline = Outline.of(json, from, end);
		this.members = outline.members();
		this.whole = outline.isWhole();
	}

	/**
	 * Reads an object.
	 * @param json its text, or the beginning of it, in UTF-8
	 */
	public static Salvage of(byte[] json) {
		return new Salvage(json, 0, json.length);
	}

	/**
	 * Whether all members can be told apart, so that the faults, if there are any, are in
	 * their values.
	 */
	public boolean isWhole() {
		return this.whole;
	}

	/**
	 * The value of a string member; null if it is missing, of the wrong type, or there
	 * with two different values.
	 */
	public @Nullable String string(String name) {
		String value = null;
		for (Outline.Found found : this.members) {
			if (found.member().name().equals(name)) {
				String next = string(found);
				if (next == null || (value != null && !value.equals(next))) {
					return null;
				}
				value = next;
			}
		}
		return value;
	}

	/**
	 * The members of an object member that are strings and there once. Empty if the
	 * object is missing, there twice, or no object.
	 */
	public Map<String, String> strings(String name) {
		List<Outline.Found> named = this.members.stream()
			.filter((found) -> found.member().name().equals(name))
			.toList();
		if (named.size() != 1) {
			return Map.of();
		}
		Member object = named.getFirst().member();
		return new Salvage(this.json, object.start(), object.end()).strings();
	}

	private Map<String, String> strings() {
		Map<String, String> strings = new LinkedHashMap<>();
		Set<String> names = new HashSet<>();
		for (Outline.Found found : this.members) {
			String name = found.member().name();
			String value = string(found);
			if (names.add(name) && value != null) {
				strings.put(name, value);
			}
			else {
				strings.remove(name);
			}
		}
		return strings;
	}

	private @Nullable String string(Outline.Found found) {
		Member member = found.member();
		boolean isString = found.sound() && this.json[member.start()] == '"';
		return isString ? JsonString.decode(this.json, member.start(), member.end()) : null;
	}

}
