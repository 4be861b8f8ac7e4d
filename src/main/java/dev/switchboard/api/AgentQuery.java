package dev.switchboard.api;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

import dev.switchboard.label.Selector;
import dev.switchboard.label.SelectorException;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.AgentId;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a request for a tenant's agents. The request asks for one page of a
 * list that is in the order of ids.
 *
 * @param selector selects agents by their labels
 * @param online true for only the agents that are online, false for only those that are
 * not, null for all
 * @param limit the largest number of agents on the page
 * @param after the id after which the page begins; null for the first page
 */
record AgentQuery(Selector selector, @Nullable Boolean online, int limit, @Nullable String after) {

	/**
	 * Reads the parameters of a request.
	 * @throws ProblemException if a parameter is not valid
	 */
	static AgentQuery of(@Nullable String selector, @Nullable String status, String limit, @Nullable String cursor) {
		return new AgentQuery(selector(selector), online(status), PageLimit.parse(limit), after(cursor));
	}

	private static Selector selector(@Nullable String selector) {
		try {
			return (selector != null) ? Selector.parse(selector) : Selector.ALL;
		}
		catch (SelectorException ex) {
			throw ProblemException.invalid(ex.fault());
		}
	}

	private static @Nullable Boolean online(@Nullable String status) {
		return switch (status) {
			case null -> null;
			case "online" -> true;
			case "offline" -> false;
			default -> throw ProblemException.invalid("status must be online or offline");
		};
	}

	private static @Nullable String after(@Nullable String cursor) {
		if (cursor == null) {
			return null;
		}
		try {
			String after = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.US_ASCII);
			return new AgentId("any", after).agent();
		}
		catch (IllegalArgumentException ex) {
			throw ProblemException.invalid("cursor must be the 'next' of an earlier page");
		}
	}

	/** Returns the cursor for the page that begins after this agent. */
	static String cursor(String after) {
		return Base64.getUrlEncoder().withoutPadding().encodeToString(after.getBytes(StandardCharsets.US_ASCII));
	}

}
