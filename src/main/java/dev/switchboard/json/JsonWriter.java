package dev.switchboard.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Writes one JSON object, member by member and without white space, around payload bytes
 * that go in as they are. Not thread-safe, and used once.
 */
public final class JsonWriter {

	private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

	private byte[] buffer = new byte[160];

	private int length;

	private boolean closed;

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
		raw(payload.bytes(), payload.offset(), payload.length());
		return this;
	}

	/** Adds an object. */
	public JsonWriter object(String name, JsonWriter object) {
		name(name);
		byte[] bytes = object.end();
		raw(bytes, 0, bytes.length);
		return this;
	}

	/** Adds an array of objects. */
	public JsonWriter objects(String name, Iterable<JsonWriter> objects) {
		name(name);
		raw('[');
		boolean first = true;
		for (JsonWriter object : objects) {
			if (!first) {
				raw(',');
			}
			first = false;
			byte[] bytes = object.end();
			raw(bytes, 0, bytes.length);
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
		if (payload != null) {
			reserve(payload.length() + 12);
			payload("payload", payload);
		}
		return end();
	}

	/** The bytes that come before the last member, {@code payload}. */
	public byte[] beforePayload() {
		name("payload");
		return bytes();
	}

	/** Ends the object; what it returns is the object's bytes. */
	public byte[] end() {
		if (!this.closed) {
			raw('}');
			this.closed = true;
		}
		return bytes();
	}

	private byte[] bytes() {
		return (this.length == this.buffer.length) ? this.buffer : Arrays.copyOf(this.buffer, this.length);
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

	@SuppressWarnings("deprecation") // The one way to copy ASCII without an array
										// between.
	private void ascii(String text) {
		reserve(text.length());
		text.getBytes(0, text.length(), this.buffer, this.length);
		this.length += text.length();
	}

	private void raw(int b) {
		reserve(1);
		this.buffer[this.length++] = (byte) b;
	}

	private void raw(byte[] bytes, int offset, int count) {
		reserve(count);
		System.arraycopy(bytes, offset, this.buffer, this.length, count);
		this.length += count;
	}

	private void reserve(int more) {
		if (this.length + more > this.buffer.length) {
			this.buffer = Arrays.copyOf(this.buffer, Math.max(this.length + more, this.buffer.length * 2));
		}
	}

}
