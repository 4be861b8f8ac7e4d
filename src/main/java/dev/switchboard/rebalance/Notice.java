package dev.switchboard.rebalance;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

import dev.switchboard.protocol.AgentId;

/**
 * A message about a rebalance from one node to another.
 *
 * @param kind what the message is about
 * @param began when the rebalance began, by the directory's clock
 * @param exact whether the rebalance goes on until no agent has to move any more
 * @param agents the agents that the message is about
 */
record Notice(Kind kind, Instant began, boolean exact, List<AgentId> agents) {

	/** The largest number of agents in a message. It keeps the message below 64 KiB. */
	private static final int MOST = 250;

	enum Kind {

		/** Start a rebalance. */
		START,
		/** The sender asks these agents to move. */
		MOVING,
		/** These agents have lost their connections before they could move. */
		LOST

	}

	/** Returns messages about these agents, at least one. */
	static List<Notice> of(Kind kind, Run run, Collection<AgentId> agents) {
		List<AgentId> all = List.copyOf(agents);
		List<Notice> notices = new ArrayList<>();
		int start = 0;
		do {
			int end = Math.min(all.size(), start + MOST);
			notices.add(new Notice(kind, run.began(), run.exact(), all.subList(start, end)));
			start = end;
		}
		while (start < all.size());
		return notices;
	}

	/** Returns the message in ASCII, its parts divided by spaces. */
	String text() {
		StringBuilder text = new StringBuilder(this.kind.name().toLowerCase(Locale.ROOT)).append(' ')
			.append(ChronoUnit.MICROS.between(Instant.EPOCH, this.began))
			.append(' ')
			.append(this.exact);
		this.agents.forEach((agent) -> text.append(' ').append(agent));
		return text.toString();
	}

	/**
	 * Reads a message.
	 * @throws IllegalArgumentException if it cannot be read
	 */
	static Notice parse(String text) {
		String[] parts = text.split(" ");
		if (parts.length < 3) {
			throw new IllegalArgumentException("too short");
		}
		Instant began = Instant.EPOCH.plus(Long.parseLong(parts[1]), ChronoUnit.MICROS);
		return new Notice(Kind.valueOf(parts[0].toUpperCase(Locale.ROOT)), began, Boolean.parseBoolean(parts[2]),
				Arrays.stream(parts).skip(3).map(AgentId::parse).toList());
	}

}
