package dev.switchboard.fleet;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;

import dev.switchboard.protocol.Envelope;
import dev.switchboard.protocol.Payload;
import dev.switchboard.protocol.ProtocolException;

/** Calls of {@code echo}, to each agent in turn, no two with the same payload. */
final class EchoCalls implements Workload {

	private final FleetOptions agents;

	private final String headers;

	private final String nonce = Long.toHexString(ThreadLocalRandom.current().nextLong()) + ".";

	private final int payloadBytes;

	/**
	 * Makes calls that nobody made before.
	 * @param agents whom to call
	 * @param headers every request's, each with its line break
	 * @param payloadBytes each payload's size, if it is enough to be unique
	 */
	EchoCalls(FleetOptions agents, String headers, int payloadBytes) {
		this.agents = agents;
		this.headers = headers;
		this.payloadBytes = payloadBytes;
	}

	@Override
	public String name() {
		return "calls";
	}

	@Override
	public String request(long number) {
		String body = "{\"method\":\"echo\",\"payload\":" + payload(number) + "}";
		String agent = this.agents.prefix + (this.agents.first + number % this.agents.agents);
		return "POST /v1/tenants/" + this.agents.tenant + "/agents/" + agent + "/calls HTTP/1.1\r\n" + this.headers
				+ "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
	}

	private String payload(long number) {
		String unique = this.nonce + number;
		return "\"" + unique + "x".repeat(Math.max(0, this.payloadBytes - unique.length() - 2)) + "\"";
	}

	@Override
	public Verdict check(long number, HttpResponse response) {
		if (response.status() != 200) {
			return Verdict.failure(response);
		}
		try {
			return check(number, Envelope.parse(response.body()));
		}
		catch (ProtocolException ex) {
			return new Verdict.Mismatch(ex.getMessage() + " in " + response.text());
		}
	}

	private Verdict check(long number, Envelope answer) {
		if (!answer.string("outcome").equals("completed")) {
			return new Verdict.Failure("rejected");
		}
		Payload payload = answer.payload("payload");
		byte[] expected = payload(number).getBytes(StandardCharsets.ISO_8859_1);
		return payload.equals(new Payload(expected, 0, expected.length)) ? Verdict.RIGHT
				: new Verdict.Mismatch("sent " + payload(number) + " and got " + payload.text());
	}

}
