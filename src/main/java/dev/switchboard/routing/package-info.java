/** Where an agent is, and how what is meant for it gets there. */
@NullMarked
package dev.switchboard.routing;

import org.jspecify.annotations.NullMarked;
