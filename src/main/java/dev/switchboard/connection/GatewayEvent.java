package dev.switchboard.connection;

import java.time.Instant;

import dev.switchboard.json.Payload;
import dev.switchboard.protocol.AgentId;

/**
 * An event that the gateway itself sends about an agent.
 *
 * @param agent the agent
 * @param type its type in CloudEvents 1.0
 * @param id its id. A node that sends the event again uses the same id, and the log takes
 * it once
 * @param subject what it is about
 * @param time when it happened, by the directory's clock
 * @param data its content
 */
public record GatewayEvent(AgentId agent, String type, String id, String subject, Instant time, Payload data) {
}
