package dev.switchboard.routing;

import java.time.Instant;

import dev.switchboard.directory.Claim;
import dev.switchboard.protocol.NodeId;
import org.jspecify.annotations.Nullable;

/**
 * An agent's presence.
 *
 * @param claim the agent's latest connection
 * @param node the node that holds the agent; null while it is offline
 * @param lastSeen when the agent last sent anything, as far as is known
 * @param flapping whether connections from several hosts keep superseding each other
 */
public record AgentPresence(Claim claim, @Nullable NodeId node, Instant lastSeen, boolean flapping) {
}
