package dev.switchboard.push;

import java.time.Instant;

import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.CallId;
import org.jspecify.annotations.Nullable;

/**
 * A durable push as the database has it, without its payload.
 *
 * @param sequence its place in the order in which pushes were stored
 * @param id the push
 * @param agent its agent
 * @param method the method that the caller named
 * @param outcome what has become of it
 * @param queuedAt when it was stored
 * @param sentAt when it was first sent; null if that is not known
 * @param endedAt when its outcome became final; null while it waits
 */
public record StoredPush(long sequence, CallId id, AgentId agent, String method, PushOutcome outcome, Instant queuedAt,
		@Nullable Instant sentAt, @Nullable Instant endedAt) {
}
