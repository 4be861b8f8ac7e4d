package dev.switchboard.call;

import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.Problem;

/** Reads what requests name in their paths. */
final class ApiRequests {

	private ApiRequests() {
	}

	static AgentId agentId(String tenant, String agent) {
		try {
			return new AgentId(tenant, agent);
		}
		catch (IllegalArgumentException ex) {
			throw CallException.invalid(String.valueOf(ex.getMessage()));
		}
	}

	static String tenant(String tenant) {
		try {
			return AgentId.requireTenant(tenant);
		}
		catch (IllegalArgumentException ex) {
			throw CallException.invalid(String.valueOf(ex.getMessage()));
		}
	}

	// An id that was never given out names no call, whatever it looks like.
	static CallId callId(String id) {
		try {
			return CallId.parse(id);
		}
		catch (IllegalArgumentException ex) {
			throw new CallException(Problem.CALL_UNKNOWN, "There is no such call");
		}
	}

}
