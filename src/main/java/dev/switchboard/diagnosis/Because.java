package dev.switchboard.diagnosis;

import java.util.List;
import java.util.Locale;

import dev.switchboard.json.Timestamp;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.NodeId;
import org.jspecify.annotations.Nullable;

/**
 * Whether an agent can be reached, and the reason in one sentence. An agent that is
 * connected and answers a ping can be reached.
 */
record Because(boolean reachable, String sentence) {

	/**
	 * Finds the reason.
	 * @param holder the node that holds the agent's newest connection; null if no node
	 * that has answered holds one
	 */
	static Because of(Sighting sighting, @Nullable NodeAnswer holder, List<NodeAnswer> answers, AgentHistory history) {
		HeldConnection connection = (holder != null) ? holder.connection() : null;
		if (holder != null && connection != null) {
			return connected(holder.node(), connection, sighting.flapping());
		}
		return switch (sighting) {
			case Sighting.Online online -> new Because(false, notFound(online.node(), answers));
			case Sighting.Offline offline -> new Because(false,
					"The agent is offline since " + Timestamp.of(offline.lastSeen()) + lastEvents(history) + ".");
			case Sighting.NeverSeen _ ->
				new Because(false, "The agent was never seen in this tenant" + lastRefusal(history) + ".");
			case Sighting.Unknown _ -> new Because(false,
					"The directory does not answer, and this node does not hold the agent" + lastEvents(history) + ".");
		};
	}

	/** Returns the reason for an agent that is kept out. */
	static Because keptOut(ProblemException refusal) {
		return new Because(false, refusal.detail() + ", so it may not connect and is not called.");
	}

	private static Because connected(NodeId node, HeldConnection connection, boolean flapping) {
		String where = "The agent is connected to node " + node;
		String clone = flapping ? ", and another machine with its identity takes its place again and again" : "";
		Long roundTrip = connection.roundTripMillis();
		if (roundTrip != null) {
			return new Because(true, where + " and answered a ping in " + roundTrip + " ms" + clone + ".");
		}
		String silent = " did not answer a ping within " + NodeKnowledge.PATIENCE.toMillis() + " ms";
		return new Because(false,
				where + ((connection.queuedBytes() > 0)
						? ", but " + connection.queuedBytes() + " bytes wait for it to read, and it" + silent
						: ", but" + silent) + clone + ".");
	}

	private static String notFound(NodeId node, List<NodeAnswer> answers) {
		boolean answered = answers.stream()
			.anyMatch((answer) -> answer.node().equals(node) && answer.findings() != null);
		return answered
				? String.format(Locale.ROOT, "Node %s has just had the agent, but has no open connection of it.", node)
				: String.format(Locale.ROOT, "The agent is connected to node %s, which does not answer this node:"
						+ " it is down, cut off, or of an earlier version.", node);
	}

	/**
	 * Returns how the last connection ended, and the last refused handshake if that came
	 * later.
	 */
	private static String lastEvents(AgentHistory history) {
		if (history.closes().isEmpty()) {
			return lastRefusal(history);
		}
		EndedConnection last = history.closes().getFirst();
		String close = "; its last connection " + ((last.code() == NO_CLOSE) ? "was lost without a close (1006)"
				: "was closed with " + last.code() + (last.reason().isEmpty() ? "" : " " + last.reason()));
		boolean refusedLater = !history.refusals().isEmpty() && history.refusals().getFirst().at().isAfter(last.at());
		return close + (refusedLater ? lastRefusal(history) : "");
	}

	private static String lastRefusal(AgentHistory history) {
		if (history.refusals().isEmpty()) {
			return "";
		}
		RefusedHandshake last = history.refusals().getFirst();
		return "; its last handshake was refused at " + Timestamp.of(last.at()) + " as " + last.problem() + " ("
				+ last.detail() + ")";
	}

	/** The code of a connection whose socket ended without a Close frame. */
	private static final int NO_CLOSE = 1006;

}
