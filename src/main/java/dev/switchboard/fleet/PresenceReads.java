package dev.switchboard.fleet;

import dev.switchboard.protocol.Envelope;
import dev.switchboard.protocol.ProtocolException;

/** Reads of each agent's presence in turn: what HTTP and JSON alone cost a gateway. */
final class PresenceReads implements Workload {

	private final FleetOptions agents;

	private final String headers;

	PresenceReads(FleetOptions agents, String headers) {
		this.agents = agents;
		this.headers = headers;
	}

	@Override
	public String name() {
		return "presence reads";
	}

	@Override
	public String request(long number) {
		return "GET /v1/tenants/" + this.agents.tenant + "/agents/" + agent(number) + " HTTP/1.1\r\n" + this.headers
				+ "\r\n";
	}

	private String agent(long number) {
		return this.agents.prefix + (this.agents.first + number % this.agents.agents);
	}

	@Override
	public Verdict check(long number, HttpResponse response) {
		if (response.status() != 200) {
			return Verdict.failure(response);
		}
		try {
			Envelope presence = Envelope.parse(response.body());
			if (!presence.string("agent").equals(agent(number))) {
				return new Verdict.Mismatch("asked for " + agent(number) + " and got " + response.text());
			}
			return presence.string("status").equals("online") ? Verdict.RIGHT : new Verdict.Failure("offline");
		}
		catch (ProtocolException ex) {
			return new Verdict.Mismatch(ex.getMessage() + " in " + response.text());
		}
	}

}
