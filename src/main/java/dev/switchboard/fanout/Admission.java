package dev.switchboard.fanout;

import java.time.Duration;

import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/**
 * Admits the calls of one fleet call to the node, which has limits for all calls, and to
 * the quotas of their tenant. A call that is not admitted is tried again when the node
 * has room and time for it. Belongs to the fleet call's event loop.
 */
final class Admission {

	/** How long an overloaded event loop, or a quota that is used up, is left alone. */
	private static final Duration PAUSE = Duration.ofMillis(100);

	private final FleetContext context;

	private final Runnable tryAgain;

	private final Disposable.Composite tasks;

	private boolean waiting;

	/**
	 * @param tryAgain runs when a call may be admitted that was not admitted before
	 * @param tasks disposes of a wait that is not needed any more
	 */
	Admission(FleetContext context, Runnable tryAgain, Disposable.Composite tasks) {
		this.context = context;
		this.tryAgain = tryAgain;
		this.tasks = tasks;
	}

	/**
	 * Whether the next call is admitted. If it is, it has a place of the
	 * {@link InFlightLimit}.
	 */
	boolean admits() {
		if (this.waiting) {
			return false;
		}
		if (!this.context.tryAcquire()) {
			this.waiting = true;
			this.context.limit().await(() -> this.context.onLoop(this::room));
			return false;
		}
		if (!this.context.admits()) {
			this.context.release();
			this.waiting = true;
			this.tasks.add(Mono.delay(PAUSE).subscribe((_) -> this.context.onLoop(this::again)));
			return false;
		}
		return true;
	}

	/** Returns the place of a call that was admitted, but does not begin. */
	void giveBack() {
		this.context.quota().giveBack();
		this.context.release();
	}

	/** Uses the room, or leaves it to the next fleet call in the line. */
	private void room() {
		again();
		this.context.limit().wakeNextIfRoom();
	}

	private void again() {
		this.waiting = false;
		this.tryAgain.run();
	}

}
