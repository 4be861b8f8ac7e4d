/** Calls between nodes: HTTP/2 to the node that holds the agent, and no further. */
@NullMarked
package dev.switchboard.forwarding;

import org.jspecify.annotations.NullMarked;
