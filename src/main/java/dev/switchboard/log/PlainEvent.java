package dev.switchboard.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.LoggingEvent;
import org.jspecify.annotations.Nullable;
import org.slf4j.helpers.MessageFormatter;

/**
 * Makes log events whose values have no control characters, so that no value can begin a
 * new line or control a terminal. The fixed part of our own messages may have line
 * breaks.
 */
final class PlainEvent {

	/**
	 * The largest number of characters in a value of one of our own messages. For a
	 * message of a third-party library, it is the limit of the whole message. What is
	 * longer is cut.
	 */
	private static final int LONGEST = 8192;

	/**
	 * The loggers that report a failed start. Their messages stay as they are: they have
	 * several lines, and no peer is connected yet.
	 */
	private static final String START = "dev.switchboard.start.";

	private PlainEvent() {
	}

	/**
	 * Returns the event itself if it has no failure, and its message is short and has no
	 * control characters. Otherwise, returns an event in whose messages these are escaped
	 * and long values are cut.
	 */
	static ILoggingEvent of(ILoggingEvent event) {
		String text = event.getFormattedMessage();
		boolean plain = text == null || (isPlain(text) && text.length() <= LONGEST);
		if (plain && event.getThrowableProxy() == null) {
			return event;
		}
		return withMessage(event, plain ? text : plain(event, text));
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

	/**
	 * Whether the patterns of the logger's messages (the messages without their values)
	 * may have line breaks. The patterns of Spring Boot may have them, because its
	 * reports about a failed start have several lines.
	 */
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

	/**
	 * Whether the character is a control character, other than the tab, or Unicode's line
	 * or paragraph separator.
	 */
	private static boolean isControl(int c) {
		return (Character.isISOControl(c) && c != '\t') || c == 0x2028 || c == 0x2029;
	}

	/** Escapes the control characters of a text, and cuts it if it is long. */
	static String escaped(String text) {
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

	private static LoggingEvent withMessage(ILoggingEvent event, @Nullable String message) {
		LoggingEvent copy = new EventWithPlainFailure(event.getThrowableProxy());
		copy.setLoggerName(event.getLoggerName());
		copy.setLoggerContextRemoteView(event.getLoggerContextVO());
		copy.setLevel(event.getLevel());
		copy.setThreadName(event.getThreadName());
		copy.setInstant(event.getInstant());
		copy.setMDCPropertyMap(event.getMDCPropertyMap());
		copy.setKeyValuePairs(event.getKeyValuePairs());
		copy.setMessage(message);
		return copy;
	}

	private static final class EventWithPlainFailure extends LoggingEvent {

		private final @Nullable IThrowableProxy failure;

		EventWithPlainFailure(@Nullable IThrowableProxy failure) {
			this.failure = PlainThrowable.of(failure);
		}

		@Override
		public @Nullable IThrowableProxy getThrowableProxy() {
			return this.failure;
		}

	}

}
