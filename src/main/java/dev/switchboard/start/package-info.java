/**
 * Checks at the start of a node. They find unknown settings and ports that are in use,
 * and the log says why the node does not start.
 */
@NullMarked
package dev.switchboard.start;

import org.jspecify.annotations.NullMarked;
