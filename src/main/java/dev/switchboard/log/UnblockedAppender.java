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
 * Hands log events to a thread that writes them. No thread that logs ever waits. If the
 * output takes nothing, such as a pipe that nobody reads, the queue fills up, and further
 * events are discarded and counted. Without the queue, all event loops would wait for the
 * pipe's reader.
 */
final class UnblockedAppender extends AsyncAppender {

	private static final int QUEUE = 4096;

	/**
	 * The pause between two warnings of the same logger of a network library. Many of
	 * these warnings are about what a peer did, and a peer may do it again and again.
	 */
	private static final Duration LIBRARY_PAUSE = Duration.ofSeconds(6);

	private final LongAdder discarded = new LongAdder();

	private final LongAdder discardedOfAudit = new LongAdder();

	private final Map<String, LogLimit> libraries = new ConcurrentHashMap<>();

	private final TimeSource time;

	UnblockedAppender(TimeSource time) {
		this.time = time;
		setQueueSize(QUEUE);
		setNeverBlock(true);
		setDiscardingThreshold(0); // Otherwise Logback would discard events below WARN
									// earlier, and not count them.
	}

	@Override
	protected void append(ILoggingEvent event) {
		// If several threads see the last free place at once, the events of all but one
		// are discarded without being counted.
		if (isHeldBack(event) || getRemainingCapacity() == 0) {
			(isAudit(event) ? this.discardedOfAudit : this.discarded).increment();
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

	/**
	 * Does not report events that are lost when this appender stops. Logback would print
	 * the report to the output that takes nothing, and the process would never end.
	 */
	@Override
	public void addWarn(String message) {
		// The metric counts what was discarded before.
	}

	private static boolean isAudit(ILoggingEvent event) {
		return event.getLoggerName().equals(UnblockedLog.AUDIT);
	}

	/** Returns how many lines of the audit were not written. */
	long discardedOfAudit() {
		return this.discardedOfAudit.sum();
	}

	/** Returns how many other events were counted as not written. */
	long discarded() {
		return this.discarded.sum();
	}

}
