package dev.switchboard.diagnosis;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

import dev.switchboard.json.JsonWriter;

/** Something that happened to an agent, as nodes remember it and the API shows it. */
sealed interface Event permits EndedConnection, RefusedHandshake, RecentCall, SecondMachine {

	/** The most events of a kind that are remembered, and shown, of an agent. */
	int MOST = 10;

	/** Returns when it happened, by the directory's clock. */
	Instant at();

	/** Returns the event as the API shows it. */
	JsonWriter json();

	/** Returns the latest events, the newest first. */
	static <E extends Event> List<E> latest(Stream<E> events) {
		return events.sorted(Comparator.comparing(Event::at).reversed()).limit(MOST).toList();
	}

}
