package dev.switchboard.simulator.bench;

/**
 * Reads of each agent's presence in turn. They show what HTTP and JSON alone cost a
 * gateway.
 */
final class PresenceReads implements Workload {

	private final AgentRequests requests;

	PresenceReads(AgentRequests requests) {
		this.requests = requests;
	}

	@Override
	public String name() {
		return "presence reads";
	}

	@Override
	public String request(long number) {
		return this.requests.get(number);
	}

	@Override
	public Verdict check(long number, HttpResponse response) {
		return Verdict.of(response, 200, (presence) -> {
			if (!presence.string("agent").equals(this.requests.agent(number))) {
				return new Verdict.Mismatch("asked for " + this.requests.agent(number) + " and got " + response.text());
			}
			return presence.string("status").equals("online") ? Verdict.RIGHT : new Verdict.Failure("offline");
		});
	}

}
