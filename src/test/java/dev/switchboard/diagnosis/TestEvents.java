package dev.switchboard.diagnosis;

import java.time.Instant;

import dev.switchboard.call.EndedCall;
import dev.switchboard.problem.Outcome;
import dev.switchboard.problem.Problem;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.protocol.TestIds;

/** Events of agents of one tenant. */
final class TestEvents {

	static final NodeId NODE = NodeId.parse("00000000-0000-4000-8000-000000000001");

	private TestEvents() {
	}

	static AgentId agent(String id) {
		return new AgentId("acme", id);
	}

	/** A call that was completed after 1 ms. */
	static EndedCall completed(String agent) {
		return new EndedCall(agent(agent), TestIds.call(), "m", Outcome.COMPLETED, null, 0, 1_000_000);
	}

	/** A call that failed at once. */
	static EndedCall failed(String agent, Problem problem) {
		return new EndedCall(agent(agent), TestIds.call(), "m", problem.outcome(), problem, 0, 0);
	}

	/** A connection that ended at this second. */
	static EndedConnection close(int second, int code, String reason) {
		return new EndedConnection(Instant.ofEpochSecond(second), code, reason, NODE.toString());
	}

	/** A handshake that was refused at this second. */
	static RefusedHandshake refusal(int second) {
		return new RefusedHandshake(Instant.ofEpochSecond(second), "forbidden", "No", "192.0.2.1:7", NODE.toString());
	}

}
