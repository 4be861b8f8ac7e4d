package dev.switchboard.json;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * The members of one JSON object. One pass checks the whole text and records where each
 * member's value lies; it builds no tree. Getters whose names begin with {@code optional}
 * accept that the member is missing. Every getter throws {@link JsonException} if the
 * member is there twice or has the wrong type; members for which no getter is called are
 * ignored. Not thread-safe.
 */
public final class Envelope {

	private final byte[] bytes;

	private final List<Member> members = new ArrayList<>(8);

	private Envelope(byte[] bytes) {
		this.bytes = bytes;
	}

	/**
	 * Reads an object from bytes of any origin.
	 * @param json the whole text; the payloads of the envelope share this array
	 * @throws JsonException if the bytes are not UTF-8, or not one JSON object whose
	 * values nest at most {@value JsonReader#MAX_DEPTH} deep
	 */
	public static Envelope parse(byte[] json) {
		Utf8.check(json);
		return parseUtf8(json);
	}

	/**
	 * Checks that the bytes are UTF-8, which {@link #parseUtf8} does not check.
	 * @throws JsonException if the bytes are not UTF-8
	 */
	public static void checkUtf8(byte[] json) {
		Utf8.check(json);
	}

	/**
	 * Reads an object from bytes that are known to be well-formed UTF-8, such as a text
	 * message that the transport has checked. Apart from that, it works like
	 * {@link #parse}.
	 */
	public static Envelope parseUtf8(byte[] json) {
		return parse(json, 0, json.length);
	}

	private static Envelope parse(byte[] json, int from, int to) {
		Envelope envelope = new Envelope(json);
		JsonReader reader = new JsonReader(json, from, to);
		reader.skipWhitespace();
		reader.expect('{');
		reader.skipWhitespace();
		if (!reader.take('}')) {
			do {
				envelope.readMember(reader);
			}
			while (reader.take(','));
			reader.expect('}');
		}
		reader.expectEnd();
		return envelope;
	}

	private void readMember(JsonReader reader) {
		reader.skipWhitespace();
		int name = reader.position();
		reader.skipString();
		String key = JsonString.decode(this.bytes, name, reader.position());
		reader.skipColon();
		int start = reader.position();
		reader.skipValue();
		this.members.add(new Member(key, start, reader.position()));
		reader.skipWhitespace();
	}

	/** Returns the value of a string member. */
	public String string(String name) {
		return string(name, require(name));
	}

	/** Returns the value of a string member; null if it is missing. */
	public @Nullable String optionalString(String name) {
		Member member = find(name);
		return (member != null) ? string(name, member) : null;
	}

	/** Returns the value of a string member that is a UUID in canonical form. */
	public UUID uuid(String name) {
		try {
			return CanonicalUuid.parse(string(name));
		}
		catch (IllegalArgumentException ex) {
			throw wrongType(name, "a UUID");
		}
	}

	/** Returns the value of an integer member that is not negative. */
	public long integer(String name) {
		Member member = require(name);
		try {
			String text = text(member);
			long value = Long.parseLong(text);
			if (value >= 0 && text.charAt(0) != '-') {
				return value;
			}
		}
		catch (NumberFormatException ex) {
			// Reported below as a wrong type.
		}
		throw wrongType(name, "an integer");
	}

	/**
	 * Returns the value of an integer member that is not negative; null if it is missing.
	 */
	public @Nullable Long optionalInteger(String name) {
		return (find(name) != null) ? integer(name) : null;
	}

	/**
	 * Returns the value of an integer member that is not negative and fits into an int.
	 */
	public int smallInteger(String name) {
		long value = integer(name);
		if (value > Integer.MAX_VALUE) {
			throw wrongType(name, "a smaller integer");
		}
		return (int) value;
	}

	/** Returns the value of a member that is true or false; false if it is missing. */
	public boolean optionalBoolean(String name) {
		Payload value = optionalPayload(name);
		if (value == null || value.equals(Payload.FALSE)) {
			return false;
		}
		if (!value.equals(Payload.TRUE)) {
			throw wrongType(name, "true or false");
		}
		return true;
	}

	/** Returns the bytes of a member of any type. */
	public Payload payload(String name) {
		return payload(require(name));
	}

	/** Returns the bytes of a member of any type; null if it is missing. */
	public @Nullable Payload optionalPayload(String name) {
		Member member = find(name);
		return (member != null) ? payload(member) : null;
	}

	/** Returns the members of an object member. */
	public Envelope object(String name) {
		Member member = require(name);
		if (this.bytes[member.start()] != '{') {
			throw wrongType(name, "an object");
		}
		return parse(this.bytes, member.start(), member.end());
	}

	/** Returns the members of each object in a member that is an array of objects. */
	public List<Envelope> objects(String name) {
		Member member = require(name);
		JsonReader reader = new JsonReader(this.bytes, member.start(), member.end());
		List<Envelope> objects = new ArrayList<>();
		if (!reader.take('[')) {
			throw wrongType(name, "an array");
		}
		do {
			reader.skipWhitespace();
			int start = reader.position();
			if (reader.peek() == ']' && objects.isEmpty()) {
				return objects;
			}
			reader.skipValue();
			objects.add(object(name, start, reader.position()));
			reader.skipWhitespace();
		}
		while (reader.take(','));
		return objects;
	}

	private Envelope object(String name, int from, int to) {
		if (this.bytes[from] != '{') {
			throw wrongType(name, "an array of objects");
		}
		return parse(this.bytes, from, to);
	}

	/** Returns the names of all members, each once. */
	public Set<String> names() {
		return Set.copyOf(this.members.stream().map(Member::name).distinct().toList());
	}

	private String string(String name, Member member) {
		if (this.bytes[member.start()] != '"') {
			throw wrongType(name, "a string");
		}
		return JsonString.decode(this.bytes, member.start(), member.end());
	}

	private Payload payload(Member member) {
		return new Payload(this.bytes, member.start(), member.end() - member.start());
	}

	private String text(Member member) {
		return new String(Arrays.copyOfRange(this.bytes, member.start(), member.end()), StandardCharsets.UTF_8);
	}

	private Member require(String name) {
		Member member = find(name);
		if (member == null) {
			throw JsonException.ofMember(name, "missing");
		}
		return member;
	}

	private @Nullable Member find(String name) {
		Member found = null;
		for (Member member : this.members) {
			if (member.name().equals(name)) {
				if (found != null) {
					throw JsonException.ofMember(name, "is there twice");
				}
				found = member;
			}
		}
		return found;
	}

	private static JsonException wrongType(String name, String type) {
		return JsonException.ofMember(name, "must be " + type);
	}

}
