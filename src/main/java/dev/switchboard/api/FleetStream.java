package dev.switchboard.api;

import java.time.Duration;
import java.util.UUID;

import dev.switchboard.fanout.FleetListener;
import dev.switchboard.fanout.FleetResult;
import dev.switchboard.fanout.FleetRun;
import dev.switchboard.fanout.FleetSummary;
import dev.switchboard.json.Payload;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.time.TimeSource;
import io.netty.buffer.ByteBuf;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

/**
 * Passes the results of a fleet call on to its caller, a line each. While more than
 * {@link LineStream#LIMIT} bytes wait for the caller's socket, the fleet call begins no
 * call. A caller that takes nothing for {@link #STALLED} counts as gone.
 */
final class FleetStream implements FleetListener {

	/** The time in which a caller for which lines wait must take some bytes. */
	static final Duration STALLED = Duration.ofMinutes(1);

	private final FleetRun run;

	private final String success;

	private final LineStream lines;

	private final TimeSource time;

	/** Whether the fleet call was told that there is no room. */
	private volatile boolean held;

	private volatile long takenNanos;

	/**
	 * @param success the name of the outcome of agents with success
	 */
	FleetStream(FleetRun run, StreamFormat format, String success, TimeSource time) {
		this.run = run;
		this.success = success;
		this.time = time;
		this.lines = new LineStream(format, time, () -> true, this::taken);
	}

	LineStream lines() {
		return this.lines;
	}

	/**
	 * Returns the lines. The subscription starts the fleet call, and cancelling it
	 * cancels the fleet call.
	 */
	Flux<ByteBuf> begin() {
		return Flux.using(() -> {
			this.takenNanos = this.time.nanoTime();
			this.run.start(this);
			return Flux.interval(LineStream.QUIET).subscribe((_) -> endIfStalled());
		}, (_) -> this.lines.lines(), Disposable::dispose).doOnCancel(this.run::cancel);
	}

	private void endIfStalled() {
		if (this.lines.unwritten() > 0 && this.time.nanoTime() - this.takenNanos > STALLED.toNanos()) {
			this.run.cancel();
			this.lines.fail(new StalledCallerException());
		}
	}

	private void taken() {
		this.takenNanos = this.time.nanoTime();
		if (this.held && isRoomLeft()) {
			this.held = false;
			this.run.resume();
		}
	}

	private boolean isRoomLeft() {
		return this.lines.unwritten() <= LineStream.LIMIT;
	}

	@Override
	public boolean hasRoom() {
		if (isRoomLeft()) {
			return true;
		}
		this.held = true;
		// The caller may have taken bytes before this was noted.
		return isRoomLeft();
	}

	@Override
	public void begun(UUID id, int agents) {
		add(FleetJson.begun(id, agents));
	}

	@Override
	public void ended(AgentId agent, FleetResult result) {
		add(FleetJson.ended(agent, result));
	}

	@Override
	public void finished(FleetSummary summary) {
		add(FleetJson.finished(summary, this.success));
		this.lines.complete();
	}

	private void add(Payload object) {
		this.lines.add(this.lines.format().object(object));
	}

	/** Says that the caller takes nothing. */
	private static final class StalledCallerException extends RuntimeException {

		StalledCallerException() {
			super("The caller has taken nothing for " + STALLED, null, false, false);
		}

	}

}
