package dev.switchboard.log;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.switchboard.time.LogLimit;
import dev.switchboard.time.TimeSource;

/**
 * Hands log events to a thread that writes them. Nobody ever waits: if the output takes
 * nothing, as a pipe that nobody reads, the queue fills up and further events are
 * discarded and counted. Without this, all event loops would wait for the pipe's reader.
 */
final class UnblockedAppender extends AsyncAppender {

	private static final int QUEUE = 4096;

	/**
	 * Warnings of the network's libraries are often about what a peer did, and he may do
	 * it again and again: ten a minute from each logger are enough.
	 */
	private static final Duration LIBRARY_PAUSE = Duration.ofSeconds(6);

	private final LongAdder discarded = new LongAdder();

	private final Map<String, LogLimit> libraries = new ConcurrentHashMap<>();

	private final TimeSource time;

	UnblockedAppender(TimeSource time) {
		this.time = time;
		setQueueSize(QUEUE);
		setNeverBlock(true);
	}

	@Override
	protected void append(ILoggingEvent event) {
		// Several threads may take the last places at once; the few that lose them are
		// discarded uncounted.
		if (isHeldBack(event) || getRemainingCapacity() == 0) {
			this.discarded.increment();
			return;
		}
		super.append(PlainEvent.of(event));
	}

	private boolean isHeldBack(ILoggingEvent event) {
		String logger = event.getLoggerName();
		return (logger.startsWith("reactor.") || logger.startsWith("io.netty."))
				&& event.getLevel().isGreaterOrEqual(Level.WARN)
				&& this.libraries.computeIfAbsent(logger, (_) -> new LogLimit(LIBRARY_PAUSE, this.time))
					.tryLog()
					.isEmpty();
	}

	/** How many events were not written. */
	long discarded() {
		return this.discarded.sum();
	}

}
