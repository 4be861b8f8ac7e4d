package dev.switchboard.diagnosis;

import java.time.Instant;

import dev.switchboard.json.Envelope;
import dev.switchboard.json.JsonWriter;
import dev.switchboard.json.Timestamp;

/**
 * A connection of an agent that was still alive when a newer one superseded it. Cloned
 * machines cause such connections.
 *
 * @param at when the node noticed it, by the directory's clock
 * @param address the address that the connection came from, without the port
 */
record SecondMachine(Instant at, String address) implements Event {

	/**
	 * @param remoteAddress the address, in the form {@code address:port} or without the
	 * port
	 */
	static SecondMachine at(String remoteAddress, Instant at) {
		return new SecondMachine(at, host(remoteAddress));
	}

	/** Returns an address without its port, which differs at each connection. */
	static String host(String remoteAddress) {
		return remoteAddress.replaceFirst("(?<=[\\d\\]]):\\d+$", "");
	}

	static SecondMachine read(Envelope json) {
		return new SecondMachine(Instant.parse(json.string("at")), json.string("address"));
	}

	@Override
	public JsonWriter json() {
		return new JsonWriter().string("at", Timestamp.of(this.at)).string("address", this.address);
	}

}
