package dev.switchboard.transport;

import java.util.Objects;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

import org.springframework.web.reactive.socket.CloseStatus;

import static dev.switchboard.transport.FrameViolationException.badData;
import static dev.switchboard.transport.FrameViolationException.protocolError;

/**
 * Reads a client's frames (RFC 6455 section 5): checks them, unmasks them and joins them
 * to messages. A reader holds only the message that is arriving, so a reader that
 * {@link #isIdle()} may be dropped and replaced by a new one later. Not thread-safe.
 */
final class FrameReader {

	private static final byte[] NONE = {};

	private final int maxMessage;

	private final FrameHeader header = new FrameHeader();

	/**
	 * The number of payload bytes of the current frame that have not come yet; -1 between
	 * frames.
	 */
	private long remaining = -1;

	private @Nullable PayloadBuffer message;

	private @Nullable PayloadBuffer control;

	private @Nullable Utf8Validator utf8;

	private int opcode;

	private boolean skipping;

	/**
	 * @param maxMessage the largest size of a message in bytes, all its fragments
	 * together
	 */
	FrameReader(int maxMessage) {
		this.maxMessage = maxMessage;
	}

	/**
	 * Reads the next message or control frame.
	 * @return the message or control frame; null if more bytes are needed. All bytes that
	 * belong to it are consumed.
	 * @throws FrameViolationException if the bytes break RFC 6455 or the limit. The
	 * reader can then only {@link #skip()}.
	 */
	@Nullable RawMessage next(ByteBuf in) {
		while (this.remaining >= 0 || readHeader(in)) {
			readPayload(in);
			if (this.remaining > 0) {
				return null;
			}
			RawMessage message = endFrame();
			if (message != null) {
				return message;
			}
		}
		return null;
	}

	/**
	 * Skips all further frames without checking them. From then on {@link #next} returns
	 * only Close frames, without their bodies.
	 */
	void skip() {
		this.skipping = true;
		this.message = null;
		this.control = null;
	}

	/** Whether the reader is between two messages and holds nothing. */
	boolean isIdle() {
		return this.remaining < 0 && this.header.isEmpty() && this.message == null && !this.skipping;
	}

	private boolean readHeader(ByteBuf in) {
		if (!this.header.read(in)) {
			return false;
		}
		this.remaining = this.header.length() & Long.MAX_VALUE;
		if (!this.skipping) {
			this.header.check();
			beginFrame(in);
		}
		return true;
	}

	private void beginFrame(ByteBuf in) {
		if (this.header.isControl()) {
			this.control = new PayloadBuffer();
			return;
		}
		boolean continues = this.header.opcode() == Opcode.CONTINUATION;
		if (continues != (this.message != null)) {
			throw protocolError(continues ? "Nothing to continue" : "Message is not finished");
		}
		if (this.message == null) {
			this.message = new PayloadBuffer();
			this.opcode = this.header.opcode();
			this.utf8 = (this.opcode == Opcode.TEXT) ? new Utf8Validator() : null;
		}
		if (this.remaining > this.maxMessage - this.message.count()) {
			byte[] prefix = this.message.prefix(FrameViolationException.MAX_PREFIX, in, this.remaining,
					this.header.maskingKey());
			throw new FrameViolationException(CloseStatus.TOO_BIG_TO_PROCESS, "Message is too big", prefix);
		}
	}

	private void readPayload(ByteBuf in) {
		int length = (int) Math.min(this.remaining, in.readableBytes());
		int announced = (int) this.remaining;
		this.remaining -= length;
		if (this.skipping) {
			in.skipBytes(length);
		}
		else if (this.control != null) {
			this.control.append(in, length, announced, turnedKey(announced));
		}
		else if (this.message != null) {
			int from = this.message.count();
			this.message.append(in, length, announced, turnedKey(announced));
			if (this.utf8 != null && !this.utf8.accept(this.message.bytes(), from, from + length)) {
				throw badData("Text is not UTF-8");
			}
		}
	}

	/**
	 * Returns the masking key, rotated to fit the last {@code rest} bytes of the frame
	 * (section 5.3).
	 */
	private int turnedKey(int rest) {
		return Integer.rotateLeft(this.header.maskingKey(), 8 * (((int) this.header.length() - rest) & 3));
	}

	private @Nullable RawMessage endFrame() {
		int code = this.header.opcode();
		boolean last = this.header.isFinal();
		this.remaining = -1;
		this.header.clear();
		if (this.skipping) {
			return (code == Opcode.CLOSE) ? new RawMessage(code, NONE) : null;
		}
		if (this.control != null) {
			RawMessage control = new RawMessage(code, this.control.bytes());
			this.control = null;
			return control;
		}
		return last ? endMessage() : null;
	}

	private RawMessage endMessage() {
		PayloadBuffer whole = Objects.requireNonNull(this.message);
		if (this.utf8 != null && !this.utf8.isComplete()) {
			throw badData("Text ends within a character");
		}
		this.message = null;
		return new RawMessage(this.opcode, whole.bytes());
	}

}
