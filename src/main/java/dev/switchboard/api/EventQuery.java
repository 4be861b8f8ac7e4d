package dev.switchboard.api;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

import dev.switchboard.event.EventCursor;
import dev.switchboard.event.EventFilter;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.EventReader;
import org.jspecify.annotations.Nullable;

import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.util.MultiValueMap;

/**
 * The parameters of a request for a tenant's events.
 *
 * @param after the place after which the answer begins; null for the beginning of the
 * log, or for its end
 * @param fromEnd whether the answer begins at the end of the log
 * @param filter selects the events
 * @param limit the largest number of events on a page
 */
record EventQuery(@Nullable EventCursor after, boolean fromEnd, EventFilter filter, int limit) {

	private static final String NOW = "now";

	/**
	 * Reads the parameters of a request. {@code Last-Event-ID} takes the place of
	 * {@code after}, because a browser sends it when it resumes a stream.
	 * @throws ProblemException if a parameter is not valid
	 */
	static EventQuery of(String tenant, ServerHttpRequest request) {
		MultiValueMap<String, String> parameters = request.getQueryParams();
		String last = request.getHeaders().getFirst("Last-Event-ID");
		String after = (last != null && !last.isEmpty()) ? last : parameters.getFirst("after");
		String limit = parameters.getFirst("limit");
		boolean fromEnd = NOW.equals(after);
		return new EventQuery((after != null && !fromEnd) ? cursor(tenant, after) : null, fromEnd,
				filter(tenant, parameters), PageLimit.parse((limit != null) ? limit : "100"));
	}

	private static EventCursor cursor(String tenant, String text) {
		try {
			return EventCursor.parse(tenant, text);
		}
		catch (IllegalArgumentException ex) {
			throw ProblemException
				.invalid("after must be now, or a cursor of this tenant: the 'next' of a page, or the id of an event");
		}
	}

	private static EventFilter filter(String tenant, MultiValueMap<String, String> parameters) {
		Set<String> subjects = values(parameters, "subject");
		for (String subject : subjects) {
			if (!EventReader.isSubject(subject)) {
				throw ProblemException.invalid("subject must be 1 to 256 printable ASCII characters");
			}
		}
		return EventFilter.of(values(parameters, "type"), subjects, agents(tenant, values(parameters, "agent")));
	}

	/**
	 * Returns the values of a parameter. A parameter without a value has an empty one.
	 */
	private static Set<String> values(MultiValueMap<String, String> parameters, String name) {
		return parameters.getOrDefault(name, List.of())
			.stream()
			.map((value) -> Objects.requireNonNullElse(value, ""))
			.collect(Collectors.toUnmodifiableSet());
	}

	private static Set<AgentId> agents(String tenant, Set<String> names) {
		Set<AgentId> agents = new HashSet<>();
		for (String name : names) {
			try {
				agents.add(new AgentId(tenant, name));
			}
			catch (IllegalArgumentException ex) {
				throw ProblemException.invalid("agent: " + ex.getMessage());
			}
		}
		return agents;
	}

}
