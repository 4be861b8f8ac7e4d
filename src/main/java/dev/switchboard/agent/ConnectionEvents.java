package dev.switchboard.agent;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.System.Logger;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongSupplier;

import dev.switchboard.protocol.DisconnectReason;

import org.jspecify.annotations.Nullable;

/**
 * Logs the events of an agent's connections and passes them to the agent's listener. A
 * failure that repeats is logged as a warning once, and again every five minutes. In
 * between it is logged as a debug message. Not thread-safe.
 */
final class ConnectionEvents {

	private static final Logger logger = System.getLogger(SwitchboardAgent.class.getName());

	private static final long REPEAT_NANOS = Duration.ofMinutes(5).toNanos();

	private static final int MOST_CAUSES = 16;

	private final AgentListener listener;

	private final LongSupplier nanoTime;

	private AgentListener.@Nullable Connected current;

	private int failures;

	private final Set<String> warnedCauses = new HashSet<>();

	private long warnedAt;

	/**
	 * @param nanoTime reads the clock, as {@link System#nanoTime} does
	 */
	ConnectionEvents(AgentListener listener, LongSupplier nanoTime) {
		this.listener = listener;
		this.nanoTime = nanoTime;
	}

	void connected(AgentListener.Connected connection) {
		String after = (this.failures > 0) ? " after " + this.failures + " failed attempts" : "";
		logger.log(Level.INFO, () -> "Connected to node " + connection.node() + " at " + connection.url() + after);
		this.failures = 0;
		this.warnedCauses.clear();
		this.current = connection;
		publish(() -> this.listener.connected(connection));
	}

	/**
	 * Reports how an attempt, or the connection that it led to, has ended.
	 * @param followed whether the next attempt follows a redirect
	 * @param retryIn the delay until the next attempt; null if there is none
	 */
	void ended(URI url, Ending ending, boolean followed, @Nullable Duration retryIn) {
		AgentListener.Connected connection = this.current;
		this.current = null;
		switch (ending) {
			case Ending.Closed closed when connection != null -> disconnected(connection, closed, retryIn);
			case Ending.Closed ignored when retryIn == null -> {
				// The application closed the agent while it was connecting.
			}
			case Ending.Closed closed -> failed(url, closedEarly(closed), retryIn);
			case Ending.Leaving leaving -> leaving(connection, leaving, retryIn);
			case Ending.Redirected redirected when followed ->
				logger.log(Level.DEBUG, () -> url + " redirects to " + redirected.location());
			case Ending.Redirected redirected ->
				failed(url, new IOException("too many redirects, the last to " + redirected.location()), retryIn);
			case Ending.Refused refused -> failed(url, refused.cause(), retryIn);
			case Ending.Unreachable unreachable -> failed(url, unreachable.cause(), retryIn);
		}
	}

	private static IOException closedEarly(Ending.Closed closed) {
		return new IOException("closed before the welcome: " + closed.code() + " " + closed.reason());
	}

	private void disconnected(AgentListener.Connected connection, Ending.Closed closed, @Nullable Duration retryIn) {
		logger.log(level(closed.code(), retryIn), () -> "Disconnected from node " + connection.node() + ": "
				+ closed.code() + " " + closed.reason() + next(retryIn));
		publish(() -> this.listener
			.disconnected(new AgentListener.Disconnected(connection, closed.code(), closed.reason(), retryIn)));
	}

	private static Level level(int code, @Nullable Duration retryIn) {
		return switch (DisconnectReason.reconnectAfter(code)) {
			case JITTER, FRESH_TOKEN -> Level.INFO;
			case BACKOFF, LONG_BACKOFF, TEN_MINUTES, ONCE_A_DAY -> Level.WARNING;
			case UNLESS_OURS -> (retryIn != null) ? Level.WARNING : Level.INFO;
		};
	}

	private void leaving(AgentListener.@Nullable Connected connection, Ending.Leaving leaving,
			@Nullable Duration retryIn) {
		if (connection == null || retryIn == null) {
			return;
		}
		String reason = leaving.goAway().reason();
		logger.log(Level.INFO, () -> "Node " + connection.node() + " asks to connect again: " + reason + next(retryIn));
		publish(() -> this.listener.replacing(new AgentListener.Replacing(connection, reason, retryIn)));
	}

	private void failed(URI url, Throwable cause, @Nullable Duration retryIn) {
		int attempt = ++this.failures;
		String why = describe(cause);
		logger.log(isWorthAWarning(why) ? Level.WARNING : Level.DEBUG,
				() -> "Cannot connect to " + url + ", attempt " + attempt + ": " + why + next(retryIn));
		publish(() -> this.listener.connectFailed(new AgentListener.ConnectFailed(url, attempt, cause, retryIn)));
	}

	private boolean isWorthAWarning(String why) {
		long now = this.nanoTime.getAsLong();
		boolean isNew = this.warnedCauses.size() < MOST_CAUSES && this.warnedCauses.add(why);
		if (!isNew && now - this.warnedAt < REPEAT_NANOS) {
			return false;
		}
		this.warnedAt = now;
		return true;
	}

	// The JDK's ConnectException has no message; its cause may have one.
	private static String describe(Throwable cause) {
		if (cause instanceof WebSocketHandshakeException refusal) {
			return Refusals.describe(refusal.getResponse().statusCode());
		}
		Throwable told = cause;
		while (told.getMessage() == null && told.getCause() != null) {
			told = told.getCause();
		}
		return ((cause instanceof ConnectException) ? "no connection: " : "") + told;
	}

	private static String next(@Nullable Duration retryIn) {
		return (retryIn != null) ? "; next attempt in " + retryIn.toMillis() + " ms" : "; no further attempt";
	}

	private static void publish(Runnable event) {
		try {
			event.run();
		}
		catch (RuntimeException ex) {
			logger.log(Level.WARNING, "The agent's listener failed", ex);
		}
	}

}
