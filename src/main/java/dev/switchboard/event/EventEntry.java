package dev.switchboard.event;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import dev.switchboard.json.Envelope;
import dev.switchboard.json.Payload;
import dev.switchboard.protocol.AgentId;

/**
 * An entry of the event log. Immutable and thread-safe.
 *
 * @param position where the entry is in the log
 * @param json the entry, a CloudEvents 1.0 object in one line
 * @param source the path of the agent that the event is from
 * @param type the event's type
 * @param subject what the event is about
 */
public record EventEntry(EventPosition position, Payload json, String source, String type, String subject) {

	/** Returns the source of an agent's events. */
	static String sourceOf(AgentId agent) {
		return "/v1/tenants/" + agent.tenant() + "/agents/" + agent.agent();
	}

	/**
	 * Reads the entries of a batch.
	 * @param number the batch's number
	 * @param content one entry a line
	 */
	static List<EventEntry> read(long number, byte[] content) {
		List<EventEntry> entries = new ArrayList<>();
		int start = 0;
		for (int i = 0; i <= content.length; i++) {
			if (i == content.length || content[i] == '\n') {
				entries.add(read(new EventPosition(number, entries.size() + 1), content, start, i));
				start = i + 1;
			}
		}
		return entries;
	}

	private static EventEntry read(EventPosition position, byte[] content, int start, int end) {
		byte[] line = Arrays.copyOfRange(content, start, end);
		Envelope members = Envelope.parse(line);
		return new EventEntry(position, Payload.of(line), members.string("source"), members.string("type"),
				members.string("subject"));
	}

}
