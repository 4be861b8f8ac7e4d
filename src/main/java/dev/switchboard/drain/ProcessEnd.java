package dev.switchboard.drain;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the process at a signal: SIGTERM, or SIGINT, which a terminal sends for Ctrl-C.
 * The first signal starts the drain, after which the process exits. A second signal ends
 * the process at once. While the node starts, signals have the JVM's own effect, which is
 * to exit. Thread-safe.
 */
public final class ProcessEnd {

	private static final Logger logger = LoggerFactory.getLogger(ProcessEnd.class);

	/**
	 * A process that a signal has ended exits with this status plus the signal's number.
	 */
	private static final int BY_SIGNAL = 128;

	private static final int SIGINT = 2;

	private static final int SIGTERM = 15;

	private final Drain drain;

	private final IntConsumer exit;

	private final IntConsumer halt;

	private final AtomicBoolean asked = new AtomicBoolean();

	/**
	 * @param exit ends the process in good order, with an exit status; may block
	 * @param halt ends the process with an exit status at once
	 */
	ProcessEnd(Drain drain, IntConsumer exit, IntConsumer halt) {
		this.drain = drain;
		this.exit = exit;
		this.halt = halt;
	}

	/** Begins to handle the signals of this process. */
	public void handleSignals() {
		boolean handled = Signals.handle("TERM", () -> signalled("SIGTERM", BY_SIGNAL + SIGTERM))
				&& Signals.handle("INT", () -> signalled("SIGINT", BY_SIGNAL + SIGINT));
		if (!handled) {
			logger.warn("This JVM does not hand on signals, so the node will end without a drain");
		}
	}

	/** Handles a signal. */
	void signalled(String name, int status) {
		if (!this.asked.compareAndSet(false, true)) {
			logger.warn("{} came again: ending at once", name);
			this.halt.accept(status);
			return;
		}
		logger.info("{} came: this node ends after a drain, or at once at the next signal", name);
		// Exits on a thread of its own, since the exit waits for the event loops.
		this.drain.startBeforeEnd()
			.subscribe(null, null, () -> Thread.ofPlatform().name("exit").start(() -> this.exit.accept(status)));
	}

}
