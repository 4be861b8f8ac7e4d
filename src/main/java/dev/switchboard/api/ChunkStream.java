package dev.switchboard.api;

import java.util.concurrent.atomic.AtomicReference;

import dev.switchboard.call.CallOutcome;
import dev.switchboard.connection.ChunkReceiver;
import dev.switchboard.json.Payload;
import dev.switchboard.time.TimeSource;

/**
 * Passes the parts of a streamed result on to a caller. It refuses a part that would
 * raise the number of unwritten bytes above {@link LineStream#LIMIT}. But if there are no
 * such bytes, it takes a part of any size. So a slow caller never delays the agent's
 * connection. One thread calls {@link #accept}: the event loop of the connection that the
 * parts come from.
 */
final class ChunkStream implements ChunkReceiver {

	private final LineStream lines;

	private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.UNBEGUN);

	private enum Phase {

		/** Nothing has been written, so a failure can still be an ordinary answer. */
		UNBEGUN,
		/** The status has been sent, so a failure is the last line. */
		BEGUN,
		/** The call has failed before the status was sent. */
		FAILED

	}

	ChunkStream(StreamFormat format, TimeSource time) {
		this.lines = new LineStream(format, time, this::begin, () -> {
		});
	}

	@Override
	public boolean accept(Payload chunk) {
		long waiting = this.lines.unwritten();
		if (waiting > 0 && waiting + chunk.length() > LineStream.LIMIT) {
			return false;
		}
		begin();
		this.lines.add(this.lines.format().chunk(chunk));
		return true;
	}

	/**
	 * Begins the stream, unless the call has failed.
	 * @return whether lines may be written
	 */
	private boolean begin() {
		return this.phase.get() == Phase.BEGUN || this.phase.compareAndSet(Phase.UNBEGUN, Phase.BEGUN);
	}

	/**
	 * Ends the stream with a last line. If the call failed before anything was written,
	 * the stream ends with an {@link UnbegunStreamException}, and the caller gets an
	 * ordinary answer.
	 */
	void end(CallOutcome outcome) {
		if (outcome.status() != 200 && this.phase.compareAndSet(Phase.UNBEGUN, Phase.FAILED)) {
			this.lines.fail(new UnbegunStreamException(outcome));
			return;
		}
		this.lines.add(this.lines.format().object(outcome.answer()));
		this.lines.complete();
	}

	/** Ends the stream of a call that could not be started. */
	void fail(Throwable error) {
		this.phase.set(Phase.FAILED);
		this.lines.fail(error);
	}

	/** Returns the lines to write. */
	LineStream lines() {
		return this.lines;
	}

	/** Says that a call failed before anything was written. */
	static final class UnbegunStreamException extends RuntimeException {

		private final transient CallOutcome outcome;

		UnbegunStreamException(CallOutcome outcome) {
			super(null, null, false, false);
			this.outcome = outcome;
		}

		CallOutcome outcome() {
			return this.outcome;
		}

	}

}
