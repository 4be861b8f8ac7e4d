package dev.switchboard.transport;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Writes a client's frames, right ones and wrong ones. */
final class ClientFrames {

	static final int FINAL = 0x80;

	static final int KEY = 0x37FA213D;

	private final ByteArrayOutputStream out = new ByteArrayOutputStream();

	static byte[] frame(int opcode, byte[] payload) {
		return new ClientFrames().add(FINAL | opcode, payload).bytes();
	}

	static byte[] text(String text) {
		return frame(Opcode.TEXT, utf8(text));
	}

	static byte[] close(int code, String reason) {
		byte[] text = utf8(reason);
		return frame(Opcode.CLOSE, ByteBuffer.allocate(2 + text.length).putShort((short) code).put(text).array());
	}

	/** A header alone: the first byte as given, masked. */
	static byte[] header(int first, long length) {
		ByteBuffer header = ByteBuffer.allocate(14).put((byte) first);
		if (length <= 125) {
			header.put((byte) (0x80 | length));
		}
		else if (length <= 0xFFFF) {
			header.put((byte) 0xFE).putShort((short) length);
		}
		else {
			header.put((byte) 0xFF).putLong(length);
		}
		header.putInt(KEY).flip();
		byte[] bytes = new byte[header.remaining()];
		header.get(bytes);
		return bytes;
	}

	static byte[] utf8(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	static byte[] bytes(int... octets) {
		byte[] bytes = new byte[octets.length];
		for (int i = 0; i < octets.length; i++) {
			bytes[i] = (byte) octets[i];
		}
		return bytes;
	}

	ClientFrames add(int first, byte[] payload) {
		byte[] masked = payload.clone();
		for (int i = 0; i < masked.length; i++) {
			masked[i] ^= (byte) (KEY >>> (24 - 8 * (i % 4)));
		}
		return raw(header(first, payload.length)).raw(masked);
	}

	ClientFrames add(int first, String payload) {
		return add(first, utf8(payload));
	}

	ClientFrames raw(byte[] bytes) {
		this.out.writeBytes(bytes);
		return this;
	}

	byte[] bytes() {
		return this.out.toByteArray();
	}

}
