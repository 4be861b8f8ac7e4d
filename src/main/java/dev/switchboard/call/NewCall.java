package dev.switchboard.call;

import java.time.Duration;

import dev.switchboard.database.Sha256;
import dev.switchboard.database.Sql;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.CallId;
import org.jspecify.annotations.Nullable;

/**
 * A call to record.
 *
 * @param id the call's id
 * @param agent the agent that is called
 * @param caller the name of the caller; at most 1,024 bytes
 * @param key the call's idempotency key, at most 255 bytes; null if it has none
 * @param bodyHash the hash of the request's body
 * @param keep how long the record stays if the call does not end; longer than the call
 * can last
 */
public record NewCall(CallId id, AgentId agent, String caller, @Nullable String key, Sha256 bodyHash, Duration keep) {

	/** The most bytes of a caller's name. */
	public static final int MAX_CALLER = 1024;

	private static final int MAX_KEY = 255;

	/**
	 * @throws IllegalArgumentException if the caller or the key is too long to be stored
	 */
	public NewCall {
		if (Sql.bytes(caller).length > MAX_CALLER || (key != null && Sql.bytes(key).length > MAX_KEY)) {
			throw new IllegalArgumentException("caller or idempotency key too long");
		}
	}

}
