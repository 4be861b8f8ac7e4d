package dev.switchboard.transport;

import java.util.concurrent.TimeUnit;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

import org.springframework.web.reactive.socket.CloseStatus;

import static dev.switchboard.transport.FrameViolationException.badData;

/**
 * The message that is arriving, and its bounds. Once it is too long, only its first bytes
 * are kept and the rest is discarded as it comes, so that a receiver may read there what
 * the message is about. It is its own buffer, which spares each message an object.
 */
final class ArrivingMessage extends PayloadBuffer {

	private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

	private final int opcode;

	private final MessageBounds bounds;

	private final long startNanos;

	private final @Nullable Utf8Validator utf8;

	private int frames;

	/** The bytes of all frames so far, as announced. */
	private long announced;

	/** Whether it is over the limit on bytes. */
	private boolean tooLong;

	/** Whether {@link #head} has told its beginning. */
	private boolean told;

	private boolean last;

	/** When it was first found to be late; 0 before. */
	private long lateSince;

	ArrivingMessage(int opcode, MessageBounds bounds, long now) {
		this.opcode = opcode;
		this.bounds = bounds;
		this.startNanos = now;
		this.utf8 = (opcode == Opcode.TEXT) ? new Utf8Validator() : null;
	}

	/**
	 * A frame of it begins.
	 * @throws FrameViolationException if it is one frame too many, or the message is too
	 * long and cannot be skipped
	 */
	void beginFrame(long length, boolean last) {
		if (++this.frames > this.bounds.maxFragments()) {
			throw breach("message of more than " + this.bounds.maxFragments() + " fragments");
		}
		this.last = last;
		this.announced = (length > Long.MAX_VALUE - this.announced) ? Long.MAX_VALUE : this.announced + length;
		if (!this.tooLong && this.announced > this.bounds.maxBytes()) {
			this.tooLong = true;
			truncate(RawMessage.MAX_HEAD);
		}
		if (this.tooLong && !isSkippable()) {
			throw tooBig();
		}
		checkSkipped();
	}

	/** Others tell nothing by their first bytes. */
	private boolean isSkippable() {
		return this.opcode == Opcode.TEXT && this.bounds.maxSkipped() > 0;
	}

	/**
	 * Checks, once the beginning of a message that is too long was told, that the rest is
	 * short enough to be skipped.
	 * @throws FrameViolationException if it is not
	 */
	void checkSkipped() {
		if (this.told && this.announced - this.bounds.maxBytes() > this.bounds.maxSkipped()) {
			throw tooBig();
		}
	}

	private FrameViolationException tooBig() {
		return new FrameViolationException(CloseStatus.TOO_BIG_TO_PROCESS,
				"message over " + this.bounds.maxBytes() + " bytes");
	}

	/**
	 * Takes bytes of the current frame.
	 * @param rest the bytes of the frame that are still to come, these included
	 * @param key the masking key, as it applies to the first of them
	 */
	void take(ByteBuf in, int length, long rest, int key) {
		if (this.tooLong) {
			int kept = Math.min(length, RawMessage.MAX_HEAD - count());
			append(in, kept, RawMessage.MAX_HEAD, key);
			in.skipBytes(length - kept);
			return;
		}
		int from = count();
		append(in, length, this.last ? from + (int) rest : -1, key);
		if (this.utf8 != null && !this.utf8.accept(bytes(), from, from + length)) {
			throw badData("text is not UTF-8");
		}
	}

	/**
	 * The first bytes of a message that is too long, as soon as they are there, once.
	 * @param end whether the message ends here
	 */
	@Nullable RawMessage head(boolean end) {
		if (!this.tooLong || this.told || (count() < RawMessage.MAX_HEAD && !end)) {
			return null;
		}
		this.told = true;
		return RawMessage.head(whole());
	}

	/**
	 * The whole message; if it was too long, its head, or null if that was told.
	 * @throws FrameViolationException if it ends within a character
	 */
	@Nullable RawMessage end() {
		if (this.tooLong) {
			return head(true);
		}
		if (this.utf8 != null && !this.utf8.isComplete()) {
			throw badData("text ends within a character");
		}
		return new RawMessage(this.opcode, whole());
	}

	/**
	 * Checks how long the message takes, after all bytes that had come were read. A node
	 * that was stopped finds many bytes in its sockets and one old message, so only a
	 * message that is late for a second more is too slow.
	 * @throws FrameViolationException if it takes too long
	 */
	void checkTime(long now) {
		if (now - this.startNanos <= this.bounds.maxTime().toNanos()) {
			return;
		}
		if (this.lateSince == 0) {
			this.lateSince = now;
		}
		else if (now - this.lateSince > SECOND_NANOS) {
			throw breach("message took more than " + this.bounds.maxTime().toSeconds() + " s");
		}
	}

	private FrameViolationException breach(String what) {
		return new FrameViolationException(new CloseStatus(this.bounds.breach()), what);
	}

}
