package dev.switchboard.forwarding;

import java.time.Duration;

import dev.switchboard.time.LogLimit;
import dev.switchboard.time.TimeSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs what other nodes answer wrongly, at most one line in a while: one such node causes
 * a line for each request. Thread-safe.
 */
final class PeerFaultLog {

	private static final Logger logger = LoggerFactory.getLogger(PeerFaultLog.class);

	private static final LogLimit limit = new LogLimit(Duration.ofSeconds(30), TimeSource.SYSTEM);

	private PeerFaultLog() {
	}

	static void warn(PeerConnection peer, String fault) {
		limit.tryLog().ifPresent((more) -> logger.warn("{} {} ({} such lines were held back)", peer, fault, more));
	}

	/** Logs that a request of another node failed here, with the failure. */
	static void failed(Throwable failure) {
		limit.tryLog()
			.ifPresent((more) -> logger.warn("A request of another node failed ({} such lines were held back)", more,
					failure));
	}

}
