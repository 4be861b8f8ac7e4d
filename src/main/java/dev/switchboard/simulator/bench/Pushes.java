package dev.switchboard.simulator.bench;

/**
 * Pushes to each agent in turn. After as many pushes as there are agents, each agent has
 * got one.
 */
public final class Pushes implements Workload {

	private final AgentRequests requests;

	private final Payloads payloads;

	Pushes(AgentRequests requests, Payloads payloads) {
		this.requests = requests;
		this.payloads = payloads;
	}

	@Override
	public String name() {
		return "pushes";
	}

	@Override
	public String request(long number) {
		return this.requests.post(number, "/pushes", this.payloads.of(number));
	}

	@Override
	public Verdict check(long number, HttpResponse response) {
		return Verdict.of(response, 202, (answer) -> {
			String outcome = answer.string("outcome");
			return outcome.equals("sent") ? Verdict.RIGHT : new Verdict.Failure(outcome);
		});
	}

}
