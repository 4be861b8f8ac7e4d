/** Moves agents to other nodes: when this node leaves, and when an operator drains it. */
@NullMarked
package dev.switchboard.drain;

import org.jspecify.annotations.NullMarked;
