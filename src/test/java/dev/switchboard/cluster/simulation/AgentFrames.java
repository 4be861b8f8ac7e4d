package dev.switchboard.cluster.simulation;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/** Reads a node's WebSocket frames, and writes those of an agent. */
final class AgentFrames {

	static final int TEXT = 1;

	static final int CLOSE = 8;

	static final int PING = 9;

	static final int PONG = 10;

	private byte[] unread = {};

	/**
	 * A frame.
	 *
	 * @param opcode the opcode
	 * @param payload the payload
	 */
	@SuppressWarnings("ArrayRecordComponent") // Frames are not compared.
	record Frame(int opcode, byte[] payload) {

		String text() {
			return new String(this.payload, StandardCharsets.UTF_8);
		}

		/** Returns the status of a Close frame; 0 if it has none. */
		int status() {
			return (this.payload.length < 2) ? 0 : ByteBuffer.wrap(this.payload).getShort() & 0xFFFF;
		}

	}

	void add(byte[] bytes) {
		byte[] all = Arrays.copyOf(this.unread, this.unread.length + bytes.length);
		System.arraycopy(bytes, 0, all, this.unread.length, bytes.length);
		this.unread = all;
	}

	/** Returns the next whole frame; null if there is none yet. */
	@Nullable Frame next() {
		ByteBuffer in = ByteBuffer.wrap(this.unread);
		if (in.remaining() < 2) {
			return null;
		}
		int opcode = in.get() & 0x0F;
		int length = in.get() & 0x7F;
		if (length == 126) {
			if (in.remaining() < 2) {
				return null;
			}
			length = in.getShort() & 0xFFFF;
		}
		if (in.remaining() < length) {
			return null;
		}
		byte[] payload = new byte[length];
		in.get(payload);
		this.unread = Arrays.copyOfRange(this.unread, in.position(), this.unread.length);
		return new Frame(opcode, payload);
	}

	/** Writes a masked frame. The mask is zero. */
	static byte[] write(int opcode, byte[] payload) {
		ByteBuffer out = ByteBuffer.allocate(payload.length + 8).put((byte) (0x80 | opcode));
		if (payload.length < 126) {
			out.put((byte) (0x80 | payload.length));
		}
		else {
			out.put((byte) (0x80 | 126)).putShort((short) payload.length);
		}
		out.putInt(0).put(payload);
		return Arrays.copyOf(out.array(), out.position());
	}

	static byte[] text(String text) {
		return write(TEXT, text.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * Returns a member of a frame's JSON object, which is a string or a number; else "".
	 */
	static String member(String json, String name) {
		int key = json.indexOf("\"" + name + "\":");
		if (key < 0) {
			return "";
		}
		int from = key + name.length() + 3;
		boolean text = json.charAt(from) == '"';
		from += text ? 1 : 0;
		int to = from;
		while (text ? json.charAt(to) != '"' : Character.isDigit(json.charAt(to))) {
			to++;
		}
		return json.substring(from, to);
	}

}
