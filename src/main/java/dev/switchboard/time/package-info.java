/** Time and chance: the one place where a node reads a clock or draws a random number. */
@NullMarked
package dev.switchboard.time;

import org.jspecify.annotations.NullMarked;
