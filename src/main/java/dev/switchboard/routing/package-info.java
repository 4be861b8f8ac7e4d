/** Where an agent is, and how verbs reach its connection. */
@NullMarked
package dev.switchboard.routing;

import org.jspecify.annotations.NullMarked;
