/**
 * Fleet calls and fleet pushes: one message to many agents, each of which is accounted
 * for.
 */
@NullMarked
package dev.switchboard.fanout;

import org.jspecify.annotations.NullMarked;
