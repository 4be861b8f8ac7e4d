package dev.switchboard.push;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.switchboard.database.Sql;
import dev.switchboard.directory.AgentTable;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.CallId;
import io.r2dbc.spi.Readable;

/**
 * A waiting push that a later one may replace.
 *
 * @param sequence its place in the order in which pushes were stored
 * @param push the push
 * @param slot what it is replaced in: its agent and its collapse key
 */
record CollapsiblePush(long sequence, CallId push, Slot slot) {

	/** An agent's collapse key. The latest push of a slot replaces the others. */
	record Slot(AgentId agent, String key) {
	}

	static CollapsiblePush read(Readable row) {
		return new CollapsiblePush(Sql.number(row, "seq"), new CallId(Sql.uuid(row, "id")),
				new Slot(AgentTable.agent(row), Sql.identifier(row, "collapse_key")));
	}

	/**
	 * Returns the pushes that later ones replace. Two nodes that store pushes of one slot
	 * at the same moment come to the same result, whichever stores first: the later of
	 * the two sees both.
	 */
	static List<CallId> replaced(List<CollapsiblePush> waiting) {
		Map<Slot, Long> latest = new HashMap<>();
		waiting.forEach((each) -> latest.merge(each.slot(), each.sequence(), Math::max));
		return waiting.stream()
			.filter((each) -> each.sequence() < latest.getOrDefault(each.slot(), 0L))
			.map(CollapsiblePush::push)
			.toList();
	}

}
