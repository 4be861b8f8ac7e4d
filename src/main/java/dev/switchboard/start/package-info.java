/**
 * The checks of a node that starts. They find unknown settings and ports that are in use,
 * and the log says why the node does not start.
 */
@NullMarked
package dev.switchboard.start;

import org.jspecify.annotations.NullMarked;
