/** Tests of {@code time}. */
@NullMarked
package dev.switchboard.time;

import org.jspecify.annotations.NullMarked;
