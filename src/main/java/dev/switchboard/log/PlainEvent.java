package dev.switchboard.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import org.jspecify.annotations.Nullable;
import org.slf4j.helpers.MessageFormatter;

/**
 * Makes log events whose values have no control characters, so that no value can begin a
 * line of its own or speak to a terminal. Our messages themselves may have line breaks.
 */
final class PlainEvent {

	/** A longer message is cut. */
	private static final int LONGEST = 8192;

	/** Reports about a failed start have several lines, and no peer is there yet. */
	private static final String START = "dev.switchboard.start.";

	private PlainEvent() {
	}

	/** The same event, or one that has the same message without control characters. */
	static ILoggingEvent of(ILoggingEvent event) {
		String text = event.getFormattedMessage();
		if (text == null || (isPlain(text) && text.length() <= LONGEST)) {
			return event;
		}
		return withMessage(event, plain(event, text));
	}

	private static String plain(ILoggingEvent event, String text) {
		String logger = event.getLoggerName();
		if (logger.startsWith(START)) {
			return text;
		}
		if (!isOurs(logger)) {
			return escaped(text);
		}
		Object[] values = event.getArgumentArray();
		return (values != null) ? formatted(event.getMessage(), values) : text;
	}

	/** Reports of Spring Boot about a failed start have several lines. */
	private static boolean isOurs(String logger) {
		return logger.startsWith("dev.switchboard") || logger.startsWith("org.springframework.boot.");
	}

	private static String formatted(String message, @Nullable Object[] values) {
		@Nullable Object[] escaped = new Object[values.length];
		for (int i = 0; i < values.length; i++) {
			escaped[i] = escaped(String.valueOf(values[i]));
		}
		return MessageFormatter.basicArrayFormat(message, escaped);
	}

	private static boolean isPlain(String text) {
		return text.chars().noneMatch(PlainEvent::isControl);
	}

	/** Controls of Unicode, and its own line and paragraph separators. */
	private static boolean isControl(int c) {
		return (Character.isISOControl(c) && c != '\t') || c == 0x2028 || c == 0x2029;
	}

	private static String escaped(String text) {
		StringBuilder plain = new StringBuilder();
		text.chars().limit(LONGEST).forEach((c) -> {
			if (isControl(c)) {
				plain.append("\\u%04x".formatted(c));
			}
			else {
				plain.append((char) c);
			}
		});
		return (text.length() > LONGEST) ? plain.append("...").toString() : plain.toString();
	}

	private static LoggingEvent withMessage(ILoggingEvent event, String message) {
		LoggingEvent copy = new LoggingEvent();
		copy.setLoggerName(event.getLoggerName());
		copy.setLoggerContextRemoteView(event.getLoggerContextVO());
		copy.setLevel(event.getLevel());
		copy.setThreadName(event.getThreadName());
		copy.setInstant(event.getInstant());
		copy.setMDCPropertyMap(event.getMDCPropertyMap());
		copy.setKeyValuePairs(event.getKeyValuePairs());
		copy.setMessage(message);
		if (event.getThrowableProxy() instanceof ThrowableProxy failure) {
			copy.setThrowableProxy(failure);
		}
		return copy;
	}

}
