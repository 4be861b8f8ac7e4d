/**
 * Agents' connections to this node: who is connected, the calls that wait on each
 * connection, and the claims that the directory keeps for them.
 * <p>
 * A connection is one object of four classes, each the superclass of the next, since an
 * idle connection must cost few bytes: {@code ConnectionIdentity} (who it is),
 * {@code WatchedConnection} (whether it is alive), {@code AgentReceiver} (what comes in)
 * and {@link dev.switchboard.connection.AgentConnection} (its state and what goes out).
 * The room has more than 20 files because a connection has these four classes, and
 * because the room also keeps and checks claims.
 */
@NullMarked
package dev.switchboard.connection;

import org.jspecify.annotations.NullMarked;
