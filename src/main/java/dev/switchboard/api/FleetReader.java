package dev.switchboard.api;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;

import dev.switchboard.fanout.FleetMessage;
import dev.switchboard.fanout.FleetRequest;
import dev.switchboard.fanout.FleetTargets;
import dev.switchboard.json.Envelope;
import dev.switchboard.json.StringArray;
import dev.switchboard.label.Selector;
import dev.switchboard.label.SelectorException;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.AgentId;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.web.server.ServerWebExchange;

/** Reads fleet calls and fleet pushes from their requests. Thread-safe. */
final class FleetReader {

	/** The most agents that a request may name. */
	static final int MOST_NAMED = 10_000;

	/** The largest window. */
	static final int MOST_IN_FLIGHT = 10_000;

	private static final int DEFAULT_WINDOW = 1000;

	private static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(1);

	/** The bytes of an agent's name of full length, with quotes, comma and line break. */
	private static final int BYTES_OF_A_NAME = 132;

	private final long maxFrameBytes;

	/**
	 * @param maxFrameBytes the frame limit
	 */
	FleetReader(long maxFrameBytes) {
		this.maxFrameBytes = maxFrameBytes;
	}

	/**
	 * Reads a request.
	 * @param message makes the message for the agents of the body
	 * @return the request; an error of {@link ProblemException} if it is not valid; empty
	 * if the HTTP server has already answered it
	 */
	Mono<FleetRequest> read(ServerWebExchange exchange, BiFunction<Envelope, MessageBody, Mono<FleetMessage>> message) {
		String tenant = ApiRequests.tenant(exchange);
		Duration timeout = CallHeaders.timeout(exchange.getRequest().getHeaders());
		return MessageBody
			.read(exchange, this.maxFrameBytes, MOST_NAMED * BYTES_OF_A_NAME,
					(envelope, body) -> request(tenant, envelope, message.apply(envelope, checked(body)),
							Objects.requireNonNullElse(timeout, DEFAULT_TIMEOUT)))
			.flatMap(Function.identity());
	}

	private MessageBody checked(MessageBody body) {
		if (body.payload().length() > this.maxFrameBytes) {
			throw MessageBody.tooLarge(this.maxFrameBytes);
		}
		return body;
	}

	private static Mono<FleetRequest> request(String tenant, Envelope body, Mono<FleetMessage> message,
			Duration timeout) {
		FleetTargets targets = targets(tenant, body);
		int window = window(body.optionalInteger("window"));
		Long failures = failures(body.optionalInteger("stopAfterFailures"));
		return message.map((each) -> new FleetRequest(targets, each, window, failures, timeout));
	}

	private static FleetTargets targets(String tenant, Envelope body) {
		boolean named = body.optionalPayload("agents") != null;
		String selector = body.optionalString("selector");
		if (named == (selector != null)) {
			throw ProblemException.invalid("The body must have either 'agents' or 'selector'");
		}
		return (selector != null) ? new FleetTargets.Selected(tenant, selector(selector))
				: new FleetTargets.Named(agents(tenant, StringArray.of(body, "agents", MOST_NAMED)));
	}

	private static Selector selector(String selector) {
		try {
			return Selector.parse(selector);
		}
		catch (SelectorException ex) {
			throw ProblemException.invalid(ex.fault());
		}
	}

	private static List<AgentId> agents(String tenant, List<String> names) {
		List<AgentId> agents = new ArrayList<>(names.size());
		Set<String> seen = HashSet.newHashSet(names.size());
		for (String name : names) {
			agents.add(agent(tenant, name, agents.size()));
			if (!seen.add(name)) {
				throw ProblemException.invalid("agents[" + (agents.size() - 1) + "] is there twice: " + name);
			}
		}
		return agents;
	}

	private static AgentId agent(String tenant, String name, int index) {
		try {
			return new AgentId(tenant, name);
		}
		catch (IllegalArgumentException ex) {
			throw ProblemException.invalid("agents[" + index + "] is not the id of an agent");
		}
	}

	private static int window(@Nullable Long window) {
		if (window != null && (window < 1 || window > MOST_IN_FLIGHT)) {
			throw ProblemException.invalid("'window' must be 1 to " + MOST_IN_FLIGHT);
		}
		return (window != null) ? window.intValue() : DEFAULT_WINDOW;
	}

	private static @Nullable Long failures(@Nullable Long failures) {
		if (failures != null && failures < 1) {
			throw ProblemException.invalid("'stopAfterFailures' must be at least 1");
		}
		return failures;
	}

}
