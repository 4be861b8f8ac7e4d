package dev.switchboard.log;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import dev.switchboard.time.TimeSource;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;

import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.logging.LoggingApplicationListener;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;

/**
 * Puts an {@link UnblockedAppender} before each appender that Spring Boot makes, right
 * after Spring Boot has made them. So Spring Boot's properties for logging work as
 * documented. With a configuration file of our own they would not.
 */
public final class UnblockedLog implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {

	/** The name of the logger of the audit, whose discarded lines are counted apart. */
	public static final String AUDIT = "switchboard.audit";

	@Override
	public int getOrder() {
		return LoggingApplicationListener.DEFAULT_ORDER + 1;
	}

	@Override
	public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
		ILoggerFactory factory = LoggerFactory.getILoggerFactory();
		if (factory instanceof LoggerContext context) {
			wrap(context.getLogger(Logger.ROOT_LOGGER_NAME));
		}
	}

	private static void wrap(Logger root) {
		for (Appender<ILoggingEvent> appender : appenders(root)) {
			if (!(appender instanceof UnblockedAppender)) {
				UnblockedAppender unblocked = new UnblockedAppender(TimeSource.SYSTEM);
				unblocked.setContext(root.getLoggerContext());
				unblocked.setName("unblocked " + appender.getName());
				unblocked.addAppender(appender);
				unblocked.start();
				root.detachAppender(appender);
				root.addAppender(unblocked);
			}
		}
	}

	private static List<Appender<ILoggingEvent>> appenders(Logger root) {
		List<Appender<ILoggingEvent>> appenders = new ArrayList<>();
		for (Iterator<Appender<ILoggingEvent>> all = root.iteratorForAppenders(); all.hasNext();) {
			appenders.add(all.next());
		}
		return appenders;
	}

	/**
	 * Writes the events that are queued, for a second at most. No later event is written.
	 * For a process that is about to end without its shutdown hooks. Blocks.
	 */
	public static void stop() {
		unblocked().forEach(UnblockedAppender::stop);
	}

	/** Returns how many events were not written since the process began. */
	static double discarded() {
		return unblocked().mapToLong(UnblockedAppender::discarded).sum();
	}

	/** Returns how many lines of the audit were not written since the process began. */
	static double discardedOfAudit() {
		return unblocked().mapToLong(UnblockedAppender::discardedOfAudit).sum();
	}

	private static Stream<UnblockedAppender> unblocked() {
		return (LoggerFactory.getILoggerFactory() instanceof LoggerContext context)
				? appenders(context.getLogger(Logger.ROOT_LOGGER_NAME)).stream()
					.filter(UnblockedAppender.class::isInstance)
					.map(UnblockedAppender.class::cast)
				: Stream.empty();
	}

}
