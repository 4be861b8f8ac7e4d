/** The event loops that all listeners share, and the timers on them. */
@NullMarked
package dev.switchboard.loop;

import org.jspecify.annotations.NullMarked;
