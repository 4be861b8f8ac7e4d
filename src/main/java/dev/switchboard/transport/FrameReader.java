package dev.switchboard.transport;

import java.util.Objects;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

import static dev.switchboard.transport.FrameViolationException.protocolError;

/**
 * Reads a client's frames (RFC 6455 section 5): checks them, unmasks them and joins them
 * to messages. A reader holds only the message that is arriving, so a reader that
 * {@link #isIdle()} may be dropped and replaced by a new one later. Not thread-safe.
 */
final class FrameReader {

	private static final byte[] NONE = {};

	private final MessageBounds bounds;

	private final FrameHeader header = new FrameHeader();

	/**
	 * The number of payload bytes of the current frame that have not come yet; -1 between
	 * frames.
	 */
	private long remaining = -1;

	private @Nullable ArrivingMessage message;

	private @Nullable PayloadBuffer control;

	private boolean skipping;

	/** Exists if the message that is arriving has not come in one read. */
	private @Nullable ArrivalAccount account;

	/** The number of control frames since {@link #account} was last called. */
	private int controls;

	/** The number of frames since then that did not end a message. */
	private int fragments;

	FrameReader(MessageBounds bounds) {
		this.bounds = bounds;
	}

	/**
	 * Reads the next message or control frame.
	 * @param now the monotonic clock, in nanoseconds
	 * @return the message, control frame or head of a message that is too long; null if
	 * more bytes are needed. All bytes that belong to the result are consumed.
	 * @throws FrameViolationException if the bytes break RFC 6455 or a bound. The reader
	 * can then only {@link #skip()}.
	 */
	@Nullable RawMessage next(ByteBuf in, long now) {
		if (this.message != null) {
			this.message.checkSkipped();
		}
		while (this.remaining >= 0 || readHeader(in, now)) {
			RawMessage head = readPayload(in);
			if (head != null) {
				return head;
			}
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
	 * Checks how long the message that is arriving takes. To be called after all bytes
	 * were read.
	 * @throws FrameViolationException if the message takes too long
	 */
	void checkTime(long now) {
		if (this.message != null) {
			this.message.checkTime(now);
		}
	}

	/**
	 * Skips all further frames without checking them. From then on {@link #next} returns
	 * only Close frames, without their bodies.
	 */
	void skip() {
		this.skipping = true;
		this.message = null;
		this.control = null;
		endAccount();
	}

	/**
	 * Reports what was read and what is held. To be called after all bytes were read.
	 * @param bytes the number of bytes that were read
	 * @param now when they came
	 */
	void account(SessionObserver observer, int bytes, long now) {
		if (isIdle() || this.skipping) {
			endAccount();
		}
		else {
			if (this.account == null) {
				this.account = new ArrivalAccount(observer.begun(now));
			}
			this.account.holds(capacity(this.message) + capacity(this.control));
		}
		observer.read(bytes, this.fragments, this.controls);
		this.fragments = 0;
		this.controls = 0;
	}

	private static int capacity(@Nullable PayloadBuffer buffer) {
		return (buffer != null) ? buffer.bytes().length : 0;
	}

	/** Reports that the message that is arriving takes no bytes any more. */
	void endAccount() {
		if (this.account != null) {
			this.account.end();
			this.account = null;
		}
	}

	/** Whether the reader is between two messages and holds nothing. */
	boolean isIdle() {
		return this.remaining < 0 && this.header.isEmpty() && this.message == null && !this.skipping;
	}

	private boolean readHeader(ByteBuf in, long now) {
		if (!this.header.read(in)) {
			return false;
		}
		this.remaining = this.header.length() & Long.MAX_VALUE;
		if (!this.skipping) {
			this.header.check();
			beginFrame(now);
		}
		return true;
	}

	private void beginFrame(long now) {
		if (this.header.isControl()) {
			this.control = new PayloadBuffer();
			return;
		}
		boolean continues = this.header.opcode() == Opcode.CONTINUATION;
		if (continues != (this.message != null)) {
			throw protocolError(continues ? "nothing to continue" : "message is not finished");
		}
		if (this.message == null) {
			this.message = new ArrivingMessage(this.header.opcode(), this.bounds, now);
		}
		this.message.beginFrame(this.remaining, this.header.isFinal());
	}

	/**
	 * Reads payload bytes. Returns the head of a message that is too long, once the head
	 * is there; otherwise null.
	 */
	private @Nullable RawMessage readPayload(ByteBuf in) {
		int length = (int) Math.min(this.remaining, in.readableBytes());
		long rest = this.remaining;
		this.remaining -= length;
		if (this.skipping) {
			in.skipBytes(length);
		}
		else if (this.control != null) {
			this.control.append(in, length, (int) this.header.length(), turnedKey(rest));
		}
		else if (this.message != null) {
			this.message.take(in, length, rest, turnedKey(rest));
			return this.message.head(false);
		}
		return null;
	}

	/**
	 * Returns the masking key, rotated to fit the last {@code rest} bytes of the frame
	 * (section 5.3).
	 */
	private int turnedKey(long rest) {
		return Integer.rotateLeft(this.header.maskingKey(), 8 * ((int) (this.header.length() - rest) & 3));
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
			RawMessage control = new RawMessage(code, this.control.whole());
			this.control = null;
			this.controls++;
			return control;
		}
		if (!last) {
			this.fragments++;
			return null;
		}
		return endMessage();
	}

	private @Nullable RawMessage endMessage() {
		ArrivingMessage ended = Objects.requireNonNull(this.message);
		this.message = null;
		endAccount();
		return ended.end();
	}

}
