package dev.switchboard.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A JSON text that passes through as its sender wrote it: a range of somebody's bytes,
 * never parsed into objects. Whoever makes one has checked that it is JSON, or uses
 * {@link #parse}. The bytes are shared, not copied; nobody may change them.
 */
public final class Payload {

	/** JSON's {@code null}, the payload of a call that names none. */
	public static final Payload NULL = new Payload("null".getBytes(StandardCharsets.US_ASCII), 0, 4);

	private final byte[] bytes;

	private final int offset;

	private final int length;

	/**
	 * Wraps a text that has been checked.
	 * @param bytes holds the text, in UTF-8
	 * @param offset where it begins
	 * @param length its length in bytes
	 */
	public Payload(byte[] bytes, int offset, int length) {
		this.bytes = bytes;
		this.offset = offset;
		this.length = length;
	}

	/** The array that holds the text, from {@link #offset()}. */
	public byte[] bytes() {
		return this.bytes;
	}

	public int offset() {
		return this.offset;
	}

	/** The text's length in bytes. */
	public int length() {
		return this.length;
	}

	/**
	 * Takes a JSON text after checking it.
	 * @throws JsonException if it is not one RFC 8259 value, nested at most
	 * {@value JsonReader#MAX_DEPTH} deep
	 */
	public static Payload parse(byte[] json) {
		JsonReader reader = new JsonReader(json, 0, json.length);
		reader.skipWhitespace();
		int start = reader.position();
		reader.skipValue();
		int end = reader.position();
		reader.expectEnd();
		return new Payload(json, start, end - start);
	}

	/** {@link #parse(byte[])} of a string. */
	public static Payload parse(String json) {
		return parse(json.getBytes(StandardCharsets.UTF_8));
	}

	/** The text as a string. */
	public String text() {
		return new String(this.bytes, this.offset, this.length, StandardCharsets.UTF_8);
	}

	/** A copy of the text's bytes. */
	public byte[] toBytes() {
		return Arrays.copyOfRange(this.bytes, this.offset, this.offset + this.length);
	}

	/** Equal texts, byte for byte. */
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
