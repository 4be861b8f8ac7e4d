package dev.switchboard.transport;

import io.netty.buffer.ByteBuf;

import static dev.switchboard.transport.FrameViolationException.protocolError;

/** The header of a client's frame, gathered as it arrives (RFC 6455 section 5.2). */
final class FrameHeader {

	/** The longest header: two bytes, a 64-bit length and the masking key. */
	private static final int MAX = 14;

	private static final int MAX_CONTROL_LENGTH = 125;

	private final byte[] bytes = new byte[MAX];

	private int count;

	/** Takes bytes of the header. Returns whether the header is complete. */
	boolean read(ByteBuf in) {
		for (int missing = size() - this.count; missing > 0; missing = size() - this.count) {
			int available = Math.min(missing, in.readableBytes());
			if (available == 0) {
				return false;
			}
			in.readBytes(this.bytes, this.count, available);
			this.count += available;
		}
		return true;
	}

	/** Clears the header, so that the next frame's header can be read. */
	void clear() {
		this.count = 0;
	}

	boolean isEmpty() {
		return this.count == 0;
	}

	/**
	 * Checks what the header alone can show.
	 * @throws FrameViolationException if the header breaks RFC 6455
	 */
	void check() {
		if ((this.bytes[0] & 0x70) != 0) {
			throw protocolError("reserved bit set");
		}
		if (!Opcode.isDefined(opcode())) {
			throw protocolError("reserved opcode");
		}
		if (!isMasked()) {
			throw protocolError("frame is not masked");
		}
		if (isControl() && (!isFinal() || length7() > MAX_CONTROL_LENGTH)) {
			throw protocolError("control frame is fragmented or too long");
		}
		if (!isMinimal()) {
			throw protocolError("frame length is not minimally encoded");
		}
	}

	boolean isFinal() {
		return (this.bytes[0] & 0x80) != 0;
	}

	int opcode() {
		return this.bytes[0] & 0x0F;
	}

	boolean isControl() {
		return Opcode.isControl(opcode());
	}

	/** Returns the payload's length as an unsigned number. */
	long length() {
		int size = lengthSize();
		if (size == 0) {
			return length7();
		}
		long length = 0;
		for (int i = 2; i < 2 + size; i++) {
			length = (length << 8) | (this.bytes[i] & 0xFF);
		}
		return length;
	}

	int maskingKey() {
		int key = 0;
		for (int i = size() - 4; i < size(); i++) {
			key = (key << 8) | (this.bytes[i] & 0xFF);
		}
		return key;
	}

	private boolean isMasked() {
		return (this.bytes[1] & 0x80) != 0;
	}

	private boolean isMinimal() {
		return switch (lengthSize()) {
			case 2 -> length() > 125;
			case 8 -> length() > 0xFFFF; // false if the most significant bit is set, too
			default -> true;
		};
	}

	private int length7() {
		return this.bytes[1] & 0x7F;
	}

	private int lengthSize() {
		return switch (length7()) {
			case 126 -> 2;
			case 127 -> 8;
			default -> 0;
		};
	}

	private int size() {
		return (this.count < 2) ? 2 : 2 + lengthSize() + (isMasked() ? 4 : 0);
	}

}
