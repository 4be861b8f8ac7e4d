package dev.switchboard.start;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalysisReporter;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Logs in one line why the node does not start and what to do. Replaces Spring Boot's
 * reporter, which writes a dozen lines.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class StartFailureReporter implements FailureAnalysisReporter {

	private static final Logger logger = LoggerFactory.getLogger(StartFailureReporter.class);

	private static final String TAKEN_PLACE_OF = "org.springframework.boot.diagnostics.LoggingFailureAnalysisReporter";

	@Override
	public void report(FailureAnalysis analysis) {
		logger.error("The node does not start. {}", text(analysis));
		logger.debug("The failure", analysis.getCause());
		LoggingSystem.get(getClass().getClassLoader()).setLogLevel(TAKEN_PLACE_OF, LogLevel.OFF);
	}

	/**
	 * Returns the text to log. Spring Boot's own analyses may have several lines, which
	 * stay as they are.
	 */
	static String text(FailureAnalysis analysis) {
		String description = String.valueOf(analysis.getDescription()).strip();
		String action = (analysis.getAction() != null) ? analysis.getAction().strip() : "";
		String between = description.contains("\n") ? "\n\n" : " ";
		return action.isEmpty() ? description : description + between + action;
	}

}
