package dev.switchboard.connection;

import java.time.Duration;

import dev.switchboard.protocol.AgentId;
import dev.switchboard.time.LogLimits;
import dev.switchboard.time.TimeSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs what was wrong with agents' messages, at most one line for each agent in a minute.
 * A line quotes nothing of a message. Thread-safe.
 */
final class FaultLog {

	private static final Logger logger = LoggerFactory.getLogger(FaultLog.class);

	private static final Duration PERIOD = Duration.ofMinutes(1);

	private static final int MAX_AGENTS = 256;

	private final LogLimits<AgentId> limits;

	FaultLog(TimeSource time) {
		this.limits = new LogLimits<>(PERIOD, MAX_AGENTS, time);
	}

	/** Logs a faulty message that ends its call. */
	void badAnswer(AgentId agent, String fault) {
		log(agent, fault, "its call ends");
	}

	/** Logs a faulty event. */
	void badEvent(AgentId agent, String fault) {
		log(agent, fault, "the event is refused");
	}

	/** Logs a faulty message that closes the connection. */
	void closing(AgentId agent, String fault) {
		log(agent, fault, "its connection closes");
	}

	private void log(AgentId agent, String fault, String cost) {
		this.limits.tryLog(agent)
			.ifPresent((heldBack) -> logger.warn("{} broke the protocol: {}; {}{}", agent, fault, cost,
					(heldBack > 0) ? " (" + heldBack + " such lines were held back)" : ""));
	}

}
