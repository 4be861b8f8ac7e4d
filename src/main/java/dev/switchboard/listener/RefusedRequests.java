package dev.switchboard.listener;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;

import dev.switchboard.time.LogLimit;
import dev.switchboard.time.TimeSource;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the malformed requests of one listener, and logs one of them a minute. Anybody
 * can send such requests, as many as they like, so a line quotes nothing of a request.
 * Thread-safe.
 */
public final class RefusedRequests {

	private static final Logger logger = LoggerFactory.getLogger(RefusedRequests.class);

	private static final Duration LOG_PAUSE = Duration.ofMinutes(1);

	private final String listener;

	private final Counter counter;

	private final LogLimit logLimit;

	/**
	 * Makes a counter at zero.
	 * @param listener the name of the listener in metrics and in the log
	 */
	public RefusedRequests(String listener, MeterRegistry meters, TimeSource time) {
		this.listener = listener;
		this.counter = Counter.builder("switchboard.requests.malformed")
			.description("Requests that were refused because they were not well-formed HTTP")
			.tag("listener", listener)
			.register(meters);
		this.logLimit = new LogLimit(LOG_PAUSE, time);
	}

	/**
	 * Counts a request.
	 * @param why the fault, in a text that quotes nothing of the request
	 */
	public void count(String why, SocketAddress peer) {
		this.counter.increment();
		this.logLimit.tryLog()
			.ifPresent((heldBack) -> logger.info(
					"Malformed requests on the {} port: {} since the last such line. The last one, from {}: {}",
					this.listener, heldBack + 1, host(peer), why));
	}

	private static String host(SocketAddress peer) {
		return (peer instanceof InetSocketAddress inet && inet.getAddress() != null)
				? inet.getAddress().getHostAddress() : "unknown";
	}

}
