package dev.switchboard.transport;

import java.util.concurrent.TimeUnit;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

import org.springframework.web.reactive.socket.CloseStatus;

import static dev.switchboard.transport.FrameViolationException.badData;

/**
 * The message that is arriving, and its bounds. If it becomes too long, only its first
 * bytes, the head, are kept, so that a receiver can read what the message is about. The
 * rest is discarded as it comes. The class extends its buffer, which saves one object for
 * each message.
 */
final class ArrivingMessage extends PayloadBuffer {

	private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

	private final int opcode;

	private final MessageBounds bounds;

	private final long startNanos;

	private final @Nullable Utf8Validator utf8;

	private int frames;

	/** The number of bytes in all frames so far, according to the frames' headers. */
	private long announced;

	/** Whether the message is over the limit on bytes. */
	private boolean tooLong;

	/** Whether {@link #head} has returned the head. */
	private boolean told;

	private boolean last;

	/** When the message was first found to be late; 0 if it was not. */
	private long lateSince;

	ArrivingMessage(int opcode, MessageBounds bounds, long now) {
		this.opcode = opcode;
		this.bounds = bounds;
		this.startNanos = now;
		this.utf8 = (opcode == Opcode.TEXT) ? new Utf8Validator() : null;
	}

	/**
	 * Records that a frame of the message begins.
	 * @throws FrameViolationException if this is one frame too many, or if the message is
	 * too long and cannot be skipped
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

	/**
	 * Whether the message may be skipped if it is too long. Only a text message may,
	 * because the first bytes of any other message do not say what the message is about.
	 */
	private boolean isSkippable() {
		return this.opcode == Opcode.TEXT && this.bounds.maxSkipped() > 0;
	}

	/**
	 * Checks the part of a message that is over the limit: it must be short enough to be
	 * skipped. Checks nothing before the head was returned.
	 * @throws FrameViolationException if this part is too long
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
	 * @param rest how many bytes of the frame have not been taken yet
	 * @param key the masking key, rotated so that its first byte is for the first byte to
	 * take
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
	 * Returns the head of a message that is too long, as soon as the bytes of the head
	 * are there. Returns it only once, and otherwise null.
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
	 * Returns the whole message. For a message that was too long, returns its head, or
	 * null if {@link #head} has returned it.
	 * @throws FrameViolationException if the message ends within a character
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
	 * Checks how long the message takes. To be called after all bytes that had come were
	 * read. A node that was stopped finds the rest of the message in its socket when it
	 * goes on. So the message is too slow only if it is still incomplete a second after
	 * it was found to be late.
	 * @throws FrameViolationException if the message takes too long
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
