package dev.switchboard.fleet;

import dev.switchboard.protocol.Envelope;
import dev.switchboard.protocol.ProtocolException;

/** Pushes, to each agent in turn: as many as there are agents reach all of them. */
final class Pushes implements Workload {

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
		if (response.status() != 202) {
			return Verdict.failure(response);
		}
		try {
			String outcome = Envelope.parse(response.body()).string("outcome");
			return outcome.equals("sent") ? Verdict.RIGHT : new Verdict.Failure(outcome);
		}
		catch (ProtocolException ex) {
			return new Verdict.Mismatch(ex.getMessage() + " in " + response.text());
		}
	}

}
