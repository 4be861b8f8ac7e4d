package dev.switchboard.json;

import java.util.ArrayList;
import java.util.List;

/** Reads members that are arrays of strings. */
public final class StringArray {

	private StringArray() {
	}

	/**
	 * Reads a member of an object.
	 * @param limit the most strings that the array may have
	 * @return the strings, in their order
	 * @throws JsonException if the member is missing, is there twice, or is not an array
	 * of at most so many strings
	 */
	public static List<String> of(Envelope object, String name, int limit) {
		Payload member = object.payload(name);
		JsonReader reader = new JsonReader(member.bytes(), member.offset(), member.offset() + member.length());
		List<String> strings = new ArrayList<>();
		if (!reader.take('[')) {
			throw JsonException.ofMember(name, "must be an array of strings");
		}
		reader.skipWhitespace();
		if (reader.take(']')) {
			return strings;
		}
		do {
			if (strings.size() == limit) {
				throw JsonException.ofMember(name, "must have at most " + limit + " strings");
			}
			strings.add(next(reader, member, name, strings.size()));
			reader.skipWhitespace();
		}
		while (reader.take(','));
		return strings;
	}

	private static String next(JsonReader reader, Payload member, String name, int index) {
		reader.skipWhitespace();
		int start = reader.position();
		if (reader.peek() != '"') {
			throw JsonException.ofMember(name + "[" + index + "]", "must be a string");
		}
		reader.skipString();
		return JsonString.decode(member.bytes(), start, reader.position());
	}

}
