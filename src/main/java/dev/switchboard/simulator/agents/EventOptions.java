package dev.switchboard.simulator.agents;

import dev.switchboard.json.Payload;
import dev.switchboard.protocol.EventReader;
import dev.switchboard.protocol.Frame;
import dev.switchboard.protocol.FrameCodec;
import picocli.CommandLine.Option;

/** Options of the command line: which events the simulated agents send. */
public final class EventOptions {

	/** The most events a second that the pacer's clock can keep. */
	private static final double FASTEST = 1_000_000;

	/** The smallest frame limit that a gateway may have is larger than this. */
	private static final int MOST_BYTES = 200_000;

	@Option(names = "--events-per-second", paramLabel = "RATE",
			description = "events of all agents together, each agent in turn (${DEFAULT-VALUE}: none)")
	double perSecond;

	@Option(names = "--event-subject", paramLabel = "TEXT",
			description = "of each event; # becomes the agent's number (${DEFAULT-VALUE})")
	String subject = "simulator";

	@Option(names = "--event-bytes", paramLabel = "N", description = "of each event's payload (${DEFAULT-VALUE})")
	int bytes = 64;

	/**
	 * Checks the options.
	 * @throws IllegalArgumentException if they are not valid
	 */
	void check() {
		require(this.perSecond >= 0 && this.perSecond <= FASTEST, "--events-per-second must be 0 to 1000000");
		require(this.bytes >= 2 && this.bytes <= MOST_BYTES, "--event-bytes must be 2 to " + MOST_BYTES);
		require(EventReader.isSubject(subject(Integer.MAX_VALUE)),
				"--event-subject must be 1 to 256 printable ASCII characters, with # as the longest number");
	}

	private static void require(boolean condition, String message) {
		if (!condition) {
			throw new IllegalArgumentException(message);
		}
	}

	/** Whether agents send events. */
	public boolean areSent() {
		return this.perSecond > 0;
	}

	private String subject(int agentNumber) {
		return this.subject.replace("#", Integer.toString(agentNumber));
	}

	/** Returns the message of an event. The same event has the same message again. */
	byte[] message(String id, int agentNumber) {
		return FrameCodec.encode(new Frame.Event(id, subject(agentNumber), payload()));
	}

	private Payload payload() {
		return Payload.parse('"' + "x".repeat(this.bytes - 2) + '"');
	}

}
