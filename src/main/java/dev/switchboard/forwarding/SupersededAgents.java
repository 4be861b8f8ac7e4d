package dev.switchboard.forwarding;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

import dev.switchboard.protocol.AgentId;

/**
 * A message to a node about agents that have newer connections on another node. It has a
 * line for each agent: {@code tenant/agent epoch}.
 *
 * @param epochs the epoch of each agent's newer connection; connections with lower epochs
 * are superseded
 */
record SupersededAgents(Map<AgentId, Long> epochs) {

	/**
	 * Reads a message.
	 * @throws IllegalArgumentException if the message breaks the format
	 */
	static SupersededAgents read(byte[] message) {
		Map<AgentId, Long> epochs = new HashMap<>();
		new String(message, StandardCharsets.US_ASCII).lines().forEach((line) -> {
			int space = line.indexOf(' ');
			if (space < 0) {
				throw new IllegalArgumentException("no agent and epoch");
			}
			epochs.put(AgentId.parse(line.substring(0, space)), Long.valueOf(line.substring(space + 1)));
		});
		return new SupersededAgents(epochs);
	}

	byte[] message() {
		return this.epochs.entrySet()
			.stream()
			.map((entry) -> entry.getKey() + " " + entry.getValue())
			.collect(Collectors.joining("\n"))
			.getBytes(StandardCharsets.US_ASCII);
	}

}
