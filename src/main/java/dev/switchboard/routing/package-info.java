/** Finds out where an agent is, and brings verbs to its connection. */
@NullMarked
package dev.switchboard.routing;

import org.jspecify.annotations.NullMarked;
