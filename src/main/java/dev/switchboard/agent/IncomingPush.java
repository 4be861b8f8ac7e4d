package dev.switchboard.agent;

import dev.switchboard.json.Payload;
import dev.switchboard.protocol.CallId;

/**
 * A push that a {@link PushHandler} processes.
 *
 * @param id the push's id; a durable push that is sent again has the same id
 * @param method the method that the sender named
 * @param payload the sender's payload; {@link Payload#NULL} if there is none
 */
public record IncomingPush(CallId id, String method, Payload payload) {
}
