package dev.switchboard.simulator.bench;

import java.nio.charset.StandardCharsets;

import dev.switchboard.json.Envelope;
import dev.switchboard.json.Payload;

/** Calls of {@code echo}, to each agent in turn. */
final class EchoCalls implements Workload {

	private final AgentRequests requests;

	private final Payloads payloads;

	EchoCalls(AgentRequests requests, Payloads payloads) {
		this.requests = requests;
		this.payloads = payloads;
	}

	@Override
	public String name() {
		return "calls";
	}

	@Override
	public String request(long number) {
		return this.requests.post(number, "/calls", this.payloads.of(number));
	}

	@Override
	public Verdict check(long number, HttpResponse response) {
		return Verdict.of(response, 200, (answer) -> check(number, answer));
	}

	private Verdict check(long number, Envelope answer) {
		if (!answer.string("outcome").equals("completed")) {
			return new Verdict.Failure("rejected");
		}
		Payload payload = answer.payload("payload");
		String sent = this.payloads.of(number);
		byte[] expected = sent.getBytes(StandardCharsets.ISO_8859_1);
		return payload.equals(new Payload(expected, 0, expected.length)) ? Verdict.RIGHT
				: new Verdict.Mismatch("sent " + sent + " and got " + payload.text());
	}

}
