package dev.switchboard.cluster.simulation;

import java.util.function.Consumer;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import org.slf4j.LoggerFactory;

/**
 * Takes the place of the log. It passes on errors, and what Netty says of tasks that
 * failed, because neither ever happens in a sound node.
 */
final class ErrorLog extends AppenderBase<ILoggingEvent> {

	private final Consumer<String> errors;

	private ErrorLog(Consumer<String> errors) {
		this.errors = errors;
	}

	static void install(Consumer<String> errors) {
		LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
		context.reset();
		ErrorLog log = new ErrorLog(errors);
		log.setContext(context);
		log.start();
		Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
		root.setLevel(Level.ERROR);
		root.addAppender(log);
		context.getLogger("io.netty").setLevel(Level.WARN);
		// The event loops of a simulated node end without a word, so what they share is
		// not released.
		context.getLogger("io.netty.util.ResourceLeakDetector").setLevel(Level.OFF);
		context.getLogger("name.nkonev.r2dbc.migrate").setLevel(Level.OFF);
	}

	@Override
	protected void append(ILoggingEvent event) {
		String cause = (event.getThrowableProxy() != null)
				? event.getThrowableProxy().getClassName() + ": " + event.getThrowableProxy().getMessage() : "";
		this.errors.accept(event.getLoggerName() + ": " + event.getFormattedMessage() + " " + cause);
	}

}
