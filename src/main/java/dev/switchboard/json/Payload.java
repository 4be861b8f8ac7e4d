package dev.switchboard.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A JSON text that passes through as its sender wrote it: a range of an array, never
 * parsed into objects. Whoever calls the constructor or {@link #of} must have checked
 * that the bytes are JSON. {@link #parse} checks them. The array is shared, not copied,
 * and must not change afterwards. Immutable and thread-safe.
 */
public final class Payload {

	/** JSON's {@code null}, the payload of a call that has none. */
	public static final Payload NULL = of("null".getBytes(StandardCharsets.US_ASCII));

	public static final Payload TRUE = of("true".getBytes(StandardCharsets.US_ASCII));

	public static final Payload FALSE = of("false".getBytes(StandardCharsets.US_ASCII));

	private final byte[] bytes;

	private final int offset;

	private final int length;

	/**
	 * Wraps a checked text that is part of an array.
	 * @param bytes holds the text, in UTF-8
	 * @param offset the text's first byte
	 * @param length the text's length in bytes
	 */
	public Payload(byte[] bytes, int offset, int length) {
		this.bytes = bytes;
		this.offset = offset;
		this.length = length;
	}

	/** Wraps a checked text that is the whole array. */
	public static Payload of(byte[] json) {
		return new Payload(json, 0, json.length);
	}

	/**
	 * Replaces line breaks by spaces. This does not change the JSON, where a line break
	 * can only be white space between tokens.
	 * @param json the array that holds the JSON, which nobody else has yet
	 * @param from the first byte of the JSON
	 * @param to the byte after the JSON
	 */
	public static void joinLines(byte[] json, int from, int to) {
		for (int i = from; i < to; i++) {
			if (json[i] == '\n' || json[i] == '\r') {
				json[i] = ' ';
			}
		}
	}

	/** Returns the array that holds the text. The text begins at {@link #offset()}. */
	public byte[] bytes() {
		return this.bytes;
	}

	public int offset() {
		return this.offset;
	}

	/** Returns the text's length in bytes. */
	public int length() {
		return this.length;
	}

	/**
	 * Checks a JSON text and wraps it, without the white space around it.
	 * @throws JsonException if the bytes are not UTF-8, or not one RFC 8259 value that
	 * nests at most {@value JsonReader#MAX_DEPTH} deep
	 */
	public static Payload parse(byte[] json) {
		Utf8.check(json);
		JsonReader reader = new JsonReader(json, 0, json.length);
		reader.skipWhitespace();
		int start = reader.position();
		reader.skipValue();
		int end = reader.position();
		reader.expectEnd();
		return new Payload(json, start, end - start);
	}

	/** Checks a JSON text as {@link #parse(byte[])} does, and wraps it. */
	public static Payload parse(String json) {
		return parse(json.getBytes(StandardCharsets.UTF_8));
	}

	/** Returns the text as a string. */
	public String text() {
		return new String(this.bytes, this.offset, this.length, StandardCharsets.UTF_8);
	}

	/** Returns a copy of the text's bytes. */
	public byte[] toBytes() {
		return Arrays.copyOfRange(this.bytes, this.offset, this.offset + this.length);
	}

	/** Whether both texts are the same, byte for byte. */
	@Override
	public boolean equals(Object other) {
		return other instanceof Payload that && Arrays.equals(this.bytes, this.offset, this.offset + this.length,
				that.bytes, that.offset, that.offset + that.length);
	}

	@Override
	public int hashCode() {
		return text().hashCode();
	}

	@Override
	public String toString() {
		return "Payload[" + this.length + " bytes]";
	}

}
