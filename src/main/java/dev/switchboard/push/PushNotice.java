package dev.switchboard.push;

import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.CallId;
import org.jspecify.annotations.Nullable;

/**
 * A notice for the node that holds an agent: something may wait for the agent.
 *
 * @param agent the agent
 * @param push the push that was stored; null if the notice is about no particular one
 */
record PushNotice(AgentId agent, @Nullable CallId push) {
}
