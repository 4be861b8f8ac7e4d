package dev.switchboard.json;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Writes one JSON object, member by member and without white space. Payloads go in byte
 * for byte. The writer keeps references to them. When the object ends, it copies each
 * payload once, into an array of the object's exact length. Not thread-safe. After one of
 * the {@code end} methods, no method may be called.
 */
public final class JsonWriter {

	private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

	private static final byte[] NONE = {};

	/** The text of the object without the payloads. */
	private byte[] text = new byte[160];

	private int length;

	private @Nullable Insertion last;

	private int insertedBytes;

	/** A payload to insert into the text at an index, and the insertion before it. */
	private record Insertion(int at, Payload payload, @Nullable Insertion previous) {
	}

	public JsonWriter() {
		raw('{');
	}

	/** Adds a string. */
	public JsonWriter string(String name, String value) {
		name(name);
		quote(value);
		return this;
	}

	/** Adds a string unless it is null. */
	public JsonWriter optionalString(String name, @Nullable String value) {
		return (value != null) ? string(name, value) : this;
	}

	/** Adds an integer. */
	public JsonWriter number(String name, long value) {
		name(name);
		ascii(Long.toString(value));
		return this;
	}

	/** Adds a payload, byte for byte. */
	public JsonWriter payload(String name, Payload payload) {
		name(name);
		insert(payload);
		return this;
	}

	/** Adds an object, which must not be used afterwards. */
	public JsonWriter object(String name, JsonWriter object) {
		name(name);
		append(object);
		return this;
	}

	/** Adds an array of objects. The objects must not be used afterwards. */
	public JsonWriter objects(String name, Iterable<JsonWriter> objects) {
		name(name);
		raw('[');
		boolean first = true;
		for (JsonWriter object : objects) {
			if (!first) {
				raw(',');
			}
			first = false;
			append(object);
		}
		raw(']');
		return this;
	}

	/** Adds an object of strings unless it is empty. */
	public JsonWriter strings(String name, Map<String, String> values) {
		if (values.isEmpty()) {
			return this;
		}
		JsonWriter object = new JsonWriter();
		values.forEach(object::string);
		return object(name, object);
	}

	/** Adds the last member, {@code payload}, unless it is null, and ends the object. */
	public byte[] end(@Nullable Payload payload) {
		return (payload != null) ? payload("payload", payload).end() : end();
	}

	/** Ends the object and returns its bytes. */
	public byte[] end() {
		return end(NONE, NONE);
	}

	/** Ends the object and returns its bytes between a prefix and a suffix. */
	public byte[] end(byte[] prefix, byte[] suffix) {
		raw('}');
		return assemble(prefix, suffix);
	}

	/**
	 * Returns the bytes that come before the value of the last member, {@code payload}.
	 * The value and a closing brace have to follow.
	 */
	public byte[] beforePayload() {
		name("payload");
		return assemble(NONE, NONE);
	}

	/** Puts text and payloads together, from the last to the first. */
	private byte[] assemble(byte[] prefix, byte[] suffix) {
		byte[] all = new byte[prefix.length + this.length + this.insertedBytes + suffix.length];
		int start = putBefore(all.length, suffix, 0, suffix.length, all);
		int textEnd = this.length;
		for (Insertion next = this.last; next != null; next = next.previous()) {
			start = putBefore(start, this.text, next.at(), textEnd - next.at(), all);
			Payload payload = next.payload();
			start = putBefore(start, payload.bytes(), payload.offset(), payload.length(), all);
			textEnd = next.at();
		}
		start = putBefore(start, this.text, 0, textEnd, all);
		putBefore(start, prefix, 0, prefix.length, all);
		return all;
	}

	/**
	 * Copies bytes so that they end before an index. Returns the index of the first byte.
	 */
	private static int putBefore(int end, byte[] from, int offset, int count, byte[] all) {
		System.arraycopy(from, offset, all, end - count, count);
		return end - count;
	}

	private void append(JsonWriter object) {
		object.raw('}');
		int base = this.length;
		raw(object.text, object.length);
		for (Insertion moved : object.insertions()) {
			insert(moved.payload(), base + moved.at());
		}
	}

	/** Returns the insertions, from the first to the last. */
	private List<Insertion> insertions() {
		List<Insertion> insertions = new ArrayList<>();
		for (Insertion next = this.last; next != null; next = next.previous()) {
			insertions.add(next);
		}
		return insertions.reversed();
	}

	private void insert(Payload payload) {
		insert(payload, this.length);
	}

	private void insert(Payload payload, int at) {
		this.last = new Insertion(at, payload, this.last);
		this.insertedBytes = Math.addExact(this.insertedBytes, payload.length());
	}

	private void name(String name) {
		if (this.length > 1) {
			raw(',');
		}
		quote(name);
		raw(':');
	}

	private void quote(String text) {
		raw('"');
		if (isPlain(text)) {
			ascii(text);
		}
		else {
			escape(text.getBytes(StandardCharsets.UTF_8));
		}
		raw('"');
	}

	private static boolean isPlain(String text) {
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			if (c < 0x20 || c > 0x7E || c == '"' || c == '\\') {
				return false;
			}
		}
		return true;
	}

	private void escape(byte[] utf8) {
		for (byte b : utf8) {
			if (b == '"' || b == '\\') {
				raw('\\');
				raw(b);
			}
			else if (b >= 0 && b < 0x20) {
				ascii("\\u00");
				raw(HEX[b >> 4]);
				raw(HEX[b & 15]);
			}
			else {
				raw(b);
			}
		}
	}

	/** Copies ASCII without an intermediate array. */
	@SuppressWarnings("deprecation") // no other method does this
	private void ascii(String text) {
		reserve(text.length());
		text.getBytes(0, text.length(), this.text, this.length);
		this.length += text.length();
	}

	private void raw(int b) {
		reserve(1);
		this.text[this.length++] = (byte) b;
	}

	private void raw(byte[] bytes, int count) {
		reserve(count);
		System.arraycopy(bytes, 0, this.text, this.length, count);
		this.length += count;
	}

	private void reserve(int more) {
		if (this.length + more > this.text.length) {
			this.text = Arrays.copyOf(this.text, Math.max(this.length + more, this.text.length * 2));
		}
	}

}
