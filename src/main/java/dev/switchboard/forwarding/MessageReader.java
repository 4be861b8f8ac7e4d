package dev.switchboard.forwarding;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.Consumer;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Splits a body into messages, however the bytes arrive. */
final class MessageReader {

	/**
	 * The most bytes in a message. A longer message breaks the format, because the frame
	 * limit keeps all messages far below this size.
	 */
	private static final int MAX_MESSAGE = 64 * 1024 * 1024;

	/** The most bytes that a length alone takes. */
	private static final int FIRST_BYTES = 8 * 1024;

	private final int limit;

	private int lengthBytes;

	private int length;

	private byte @Nullable [] message;

	private int filled;

	MessageReader() {
		this(MAX_MESSAGE);
	}

	/**
	 * @param limit the most bytes in a message
	 */
	MessageReader(int limit) {
		this.limit = limit;
	}

	/**
	 * Reads all bytes of a part of the body.
	 * @param messages receives each message once it is complete
	 * @return false if the bytes break the format; nothing more can be read then
	 */
	boolean read(ByteBuf bytes, Consumer<byte[]> messages) {
		while (bytes.isReadable()) {
			if (this.message == null && !readLength(bytes)) {
				return this.length >= 0 && this.length <= this.limit;
			}
			readMessage(bytes, messages);
		}
		return true;
	}

	/**
	 * Reads the length of the next message.
	 * @return false if bytes of the length are still to come, or if the length is out of
	 * range
	 */
	private boolean readLength(ByteBuf bytes) {
		while (this.lengthBytes < Integer.BYTES) {
			if (!bytes.isReadable()) {
				return false;
			}
			this.length = (this.length << Byte.SIZE) | bytes.readUnsignedByte();
			this.lengthBytes++;
		}
		if (this.length < 0 || this.length > this.limit) {
			return false;
		}
		this.message = new byte[Math.min(this.length, FIRST_BYTES)];
		return true;
	}

	private void readMessage(ByteBuf bytes, Consumer<byte[]> messages) {
		int part = Math.min(bytes.readableBytes(), this.length - this.filled);
		byte[] message = withRoomFor(this.filled + part);
		bytes.readBytes(message, this.filled, part);
		this.filled += part;
		if (this.filled == this.length) {
			this.message = null;
			this.lengthBytes = 0;
			this.length = 0;
			this.filled = 0;
			messages.accept(message);
		}
	}

	/**
	 * Returns the array of the message, which grows as its bytes come. A length alone
	 * takes little memory.
	 */
	private byte[] withRoomFor(int bytes) {
		byte[] message = Objects.requireNonNull(this.message);
		if (bytes > message.length) {
			message = Arrays.copyOf(message, (int) Math.min(this.length, Math.max(bytes, 2L * message.length)));
			this.message = message;
		}
		return message;
	}

}
