package dev.switchboard.connection;

import java.time.Duration;
import java.util.function.Consumer;

import dev.switchboard.time.TimeSource;
import reactor.core.publisher.Mono;

/**
 * Finds out whether a superseded connection was still alive: whether anything came over
 * it after its Close frame had been sent, such as the agent's own Close frame. If
 * something came, two processes have one identity. A process that has lost its old
 * connection and connects again sends nothing over the old one. Thread-safe.
 */
final class SupersededWatch {

	/**
	 * How long to wait for a sign of life. A peer has the same time to answer a Close
	 * frame.
	 */
	static final Duration PATIENCE = Duration.ofSeconds(5);

	private final TimeSource time;

	private final Consumer<AgentConnection> alive;

	/**
	 * @param alive takes each superseded connection that was alive
	 */
	SupersededWatch(TimeSource time, Consumer<AgentConnection> alive) {
		this.time = time;
		this.alive = alive;
	}

	/** Watches a connection whose Close frame is being sent. */
	void watch(AgentConnection superseded) {
		long closedNanos = this.time.nanoTime();
		Mono.delay(PATIENCE).subscribe((_) -> {
			if (superseded.quietNanos() < this.time.nanoTime() - closedNanos) {
				this.alive.accept(superseded);
			}
		});
	}

}
