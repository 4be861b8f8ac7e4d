package dev.switchboard.diagnosis;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import dev.switchboard.connection.AgentConnection;
import dev.switchboard.connection.Examination;
import dev.switchboard.json.Envelope;
import dev.switchboard.json.JsonWriter;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The connection of an agent that a node holds, as the node finds it.
 *
 * @param epoch the connection's epoch
 * @param remoteAddress the address that the agent connects from; null if it is not known
 * @param queuedBytes the bytes that wait for the agent to read
 * @param callsInFlight the calls that wait for the agent
 * @param oldestCallMillis how long the oldest of these calls has waited; null if none
 * waits
 * @param roundTripMicros how long the agent took to answer a ping; null if it did not
 * answer in time
 */
record HeldConnection(long epoch, @Nullable String remoteAddress, int queuedBytes, int callsInFlight,
		@Nullable Long oldestCallMillis, @Nullable Long roundTripMicros) {

	/** Examines a connection of this node. */
	static Mono<HeldConnection> examine(AgentConnection connection, Duration patience) {
		return connection.examine(patience).map((found) -> of(connection, found));
	}

	private static HeldConnection of(AgentConnection connection, Examination found) {
		Long roundTrip = found.roundTripNanos();
		return new HeldConnection(Math.max(0, connection.epoch()), connection.remoteAddress(), found.queuedBytes(),
				found.callsInFlight(),
				(found.callsInFlight() > 0) ? TimeUnit.NANOSECONDS.toMillis(found.oldestCallNanos()) : null,
				(roundTrip != null) ? TimeUnit.NANOSECONDS.toMicros(roundTrip) : null);
	}

	static HeldConnection read(Envelope json) {
		return new HeldConnection(json.integer("epoch"), json.optionalString("remoteAddress"),
				json.smallInteger("queuedBytes"), json.smallInteger("callsInFlight"),
				json.optionalInteger("oldestCallMillis"), json.optionalInteger("roundTripMicros"));
	}

	JsonWriter json() {
		JsonWriter json = new JsonWriter().number("epoch", this.epoch)
			.optionalString("remoteAddress", this.remoteAddress);
		add(json, "roundTripMicros", this.roundTripMicros);
		return addTo(json);
	}

	/** Adds the members that the API shows, except for the round trip. */
	private JsonWriter addTo(JsonWriter json) {
		json.number("queuedBytes", this.queuedBytes).number("callsInFlight", this.callsInFlight);
		add(json, "oldestCallMillis", this.oldestCallMillis);
		return json;
	}

	/** Adds the members that the API shows. */
	void showIn(JsonWriter json) {
		add(json, "roundTripMillis", roundTripMillis());
		addTo(json);
	}

	private static void add(JsonWriter json, String name, @Nullable Long value) {
		if (value != null) {
			json.number(name, value);
		}
	}

	/** Returns the round trip in milliseconds, rounded up; null if there was no pong. */
	@Nullable Long roundTripMillis() {
		return (this.roundTripMicros != null) ? (this.roundTripMicros + 999) / 1000 : null;
	}

}
