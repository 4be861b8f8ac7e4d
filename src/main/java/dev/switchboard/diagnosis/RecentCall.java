package dev.switchboard.diagnosis;

import java.time.Instant;
import java.util.concurrent.TimeUnit;

import dev.switchboard.call.EndedCall;
import dev.switchboard.json.Envelope;
import dev.switchboard.json.JsonWriter;
import dev.switchboard.json.Timestamp;
import org.jspecify.annotations.Nullable;

/**
 * An ended call to an agent.
 *
 * @param at when it began, by the directory's clock
 * @param id the call's id
 * @param problem the name of the problem that it failed with; null if it did not fail
 * @param millis how long it took
 */
record RecentCall(Instant at, String id, String method, String outcome, @Nullable String problem,
		long millis) implements Event {

	static RecentCall of(EndedCall call, Instant at) {
		return new RecentCall(at, call.id().toString(), call.method(), call.outcome().text(),
				(call.problem() != null) ? call.problem().text() : null, TimeUnit.NANOSECONDS.toMillis(call.nanos()));
	}

	static RecentCall read(Envelope json) {
		return new RecentCall(Instant.parse(json.string("at")), json.string("id"), json.string("method"),
				json.string("outcome"), json.optionalString("problem"), json.integer("millis"));
	}

	@Override
	public JsonWriter json() {
		return new JsonWriter().string("at", Timestamp.of(this.at))
			.string("id", this.id)
			.string("method", this.method)
			.string("outcome", this.outcome)
			.optionalString("problem", this.problem)
			.number("millis", this.millis);
	}

}
