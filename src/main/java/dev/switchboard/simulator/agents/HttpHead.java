package dev.switchboard.simulator.agents;

import java.nio.charset.StandardCharsets;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** The head of an HTTP/1.1 response (RFC 9112), kept as text and searched on demand. */
public final class HttpHead {

	private static final int MAX_BYTES = 16 * 1024;

	private final String text;

	private HttpHead(String text) {
		this.text = text;
	}

	/**
	 * Takes a head off the buffer. Returns null while the head is incomplete.
	 * @throws IllegalStateException if the bytes are not the head of a response
	 */
	public static @Nullable HttpHead read(ByteBuf in) {
		int end = indexOfEnd(in);
		if (end < 0) {
			if (in.readableBytes() > MAX_BYTES) {
				throw new IllegalStateException("response head too long");
			}
			return null;
		}
		HttpHead head = new HttpHead(in.readString(end - in.readerIndex(), StandardCharsets.ISO_8859_1));
		in.skipBytes(4);
		if (!head.text.startsWith("HTTP/1.1 ") || head.text.length() < 12) {
			throw new IllegalStateException("not an HTTP response");
		}
		return head;
	}

	private static int indexOfEnd(ByteBuf in) {
		int from = in.readerIndex();
		int to = in.writerIndex();
		while (true) {
			int cr = in.indexOf(from, to, (byte) '\r');
			if (cr < 0 || cr + 4 > to) {
				return -1;
			}
			if (in.getInt(cr) == 0x0D0A0D0A) {
				return cr;
			}
			from = cr + 1;
		}
	}

	public int status() {
		return Integer.parseInt(this.text, 9, 12, 10);
	}

	/** Returns a header's value, or null if the response does not have the header. */
	public @Nullable String header(String name) {
		int line = this.text.indexOf("\r\n");
		while (line >= 0) {
			int start = line + 2;
			int next = this.text.indexOf("\r\n", start);
			int colon = start + name.length();
			if (this.text.regionMatches(true, start, name, 0, name.length()) && colon < this.text.length()
					&& this.text.charAt(colon) == ':') {
				return this.text.substring(colon + 1, (next >= 0) ? next : this.text.length()).trim();
			}
			line = next;
		}
		return null;
	}

}
