package dev.switchboard.api;

import java.time.Duration;
import java.util.Objects;

import dev.switchboard.json.Envelope;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.AgentId;
import org.jspecify.annotations.Nullable;

/**
 * The members of a push that make it durable.
 *
 * @param timeToLive how long the push waits for its agent
 * @param collapseKey the push takes the place of waiting ones with the same key; null for
 * none
 */
record Durability(Duration timeToLive, @Nullable String collapseKey) {

	private static final long DEFAULT_SECONDS = Duration.ofDays(1).toSeconds();

	private static final long MOST_SECONDS = Duration.ofDays(30).toSeconds();

	/**
	 * Reads the members.
	 * @return null if the push is not durable; then its other members count for nothing
	 * @throws ProblemException or {@link dev.switchboard.json.JsonException} if a member
	 * is not valid
	 */
	static @Nullable Durability of(Envelope body) {
		return body.optionalBoolean("durable") ? new Durability(timeToLive(body), collapseKey(body)) : null;
	}

	private static Duration timeToLive(Envelope body) {
		long seconds = Objects.requireNonNullElse(body.optionalInteger("ttlSeconds"), DEFAULT_SECONDS);
		if (seconds < 1 || seconds > MOST_SECONDS) {
			throw ProblemException.invalid("member 'ttlSeconds' must be 1 to " + MOST_SECONDS);
		}
		return Duration.ofSeconds(seconds);
	}

	private static @Nullable String collapseKey(Envelope body) {
		String key = body.optionalString("collapseKey");
		if (key != null && !AgentId.isIdentifier(key)) {
			throw ProblemException.invalid("member 'collapseKey' must be 1 to 128 characters out of"
					+ " A-Z a-z 0-9 . _ : - and not start with '.'");
		}
		return key;
	}

}
