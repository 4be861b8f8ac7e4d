/**
 * Requests between nodes by HTTP/2: verbs, questions and notices of superseded agents.
 * <p>
 * The room has more than 20 files because it has both ends of a connection between nodes,
 * the end that asks (from {@link dev.switchboard.forwarding.Peers}) and the end that
 * serves (from {@link dev.switchboard.forwarding.ForwardingServer}), beside the requests
 * that go over it. A room for the HTTP/2 connection alone would make public what is now
 * package-private.
 */
@NullMarked
package dev.switchboard.forwarding;

import org.jspecify.annotations.NullMarked;
