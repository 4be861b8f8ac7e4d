package dev.switchboard.directory;

import java.util.function.Function;

import reactor.core.publisher.Mono;

/**
 * One step of a history: one call of the code that sends statements to the database.
 *
 * @param line says in one line what the step does
 * @param run runs the step, and gives the answer of the code
 */
record HistoryStep(String line, Function<HistoryWorld, Mono<?>> run) {

	/** The first word of the line, by which steps of one kind are counted. */
	String kind() {
		return this.line.substring(0, this.line.indexOf(' '));
	}

}
