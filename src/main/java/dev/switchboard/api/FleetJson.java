package dev.switchboard.api;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

import dev.switchboard.call.CallOutcome;
import dev.switchboard.fanout.FleetResult;
import dev.switchboard.fanout.FleetSummary;
import dev.switchboard.json.JsonWriter;
import dev.switchboard.json.Payload;
import dev.switchboard.problem.Outcome;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.AgentId;

/** Writes the lines of fleet calls and fleet pushes. */
final class FleetJson {

	private FleetJson() {
	}

	/** Returns the first line. */
	static Payload begun(UUID id, int agents) {
		JsonWriter fleetCall = new JsonWriter().string("id", id.toString()).number("agents", agents);
		return Payload.of(new JsonWriter().object("fleetCall", fleetCall).end());
	}

	/**
	 * Returns the line of an agent: what a call to it alone would have been answered, and
	 * the agent.
	 */
	static Payload ended(AgentId agent, FleetResult result) {
		return Payload.of(withAgent(agent, switch (result) {
			case FleetResult.Answered answered -> CallOutcome.of(answered.id(), answered.answer()).answer().bytes();
			case FleetResult.Sent sent -> ResourceJson.sentPush(sent.id());
			case FleetResult.Queued queued -> PushJson.queued(queued.id());
			case FleetResult.Failed failed -> problem(failed).toJson();
		}));
	}

	private static ProblemException problem(FleetResult.Failed failed) {
		return (failed.id() != null) ? failed.problem().of(failed.id()) : failed.problem();
	}

	/** Inserts the agent before the first member of an object. */
	private static byte[] withAgent(AgentId agent, byte[] object) {
		// The characters of identifiers need no escapes.
		byte[] first = ("{\"agent\":\"" + agent.agent() + "\",").getBytes(StandardCharsets.US_ASCII);
		byte[] line = new byte[first.length + object.length - 1];
		System.arraycopy(first, 0, line, 0, first.length);
		System.arraycopy(object, 1, line, first.length, object.length - 1);
		return line;
	}

	/**
	 * Returns the last line.
	 * @param success the name of the outcome of agents with success
	 */
	static Payload finished(FleetSummary summary, String success) {
		JsonWriter counts = new JsonWriter().number("agents", summary.agents())
			.number(success, summary.count(Outcome.COMPLETED))
			.number("rejected", summary.count(Outcome.REJECTED))
			.number("not_sent", summary.count(Outcome.NOT_SENT))
			.number("unknown", summary.count(Outcome.UNKNOWN))
			.number("cancelled", summary.count(Outcome.CANCELLED))
			.number("millis", summary.millis());
		return Payload.of(new JsonWriter().object("summary", counts).end());
	}

}
