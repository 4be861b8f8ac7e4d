package dev.switchboard.json;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * What can be read of a faulty object. Its text may be malformed or end too early, and
 * its members may be of the wrong type or be there twice. Unusable members are left out;
 * no method throws. Immutable and thread-safe. {@link Envelope} reads objects that should
 * be correct: it is faster and says what is wrong.
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
	 * @param json the object's text in UTF-8, or the beginning of the text
	 */
	public static Salvage of(byte[] json) {
		return new Salvage(json, 0, json.length);
	}

	/**
	 * Whether quotes and brackets fit together up to the end of the text. Then all
	 * members were found, and any fault is in a name or a value.
	 */
	public boolean isWhole() {
		return this.whole;
	}

	/**
	 * Returns the value of a string member; null if the member is missing, has the wrong
	 * type, or is there twice with different values.
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
	 * Returns the members of an inner object that are strings and are there only once.
	 * Returns none if the member with this name is missing, is there twice, or is not an
	 * object.
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
