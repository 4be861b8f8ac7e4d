package dev.switchboard.directory;

import java.time.Duration;

import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.CallId;
import org.jspecify.annotations.Nullable;

/**
 * A call to record.
 *
 * @param id the call
 * @param agent who it is for
 * @param caller who makes it; 1 to 1,024 bytes
 * @param key its idempotency key, if it has one
 * @param bodyHash of the request's body
 * @param keep how long the record stays if nobody ends it: longer than the call can last
 */
public record NewCall(CallId id, AgentId agent, String caller, @Nullable String key, Sha256 bodyHash, Duration keep) {
}
