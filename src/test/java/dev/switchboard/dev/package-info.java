/** Tests of {@code dev}. */
@NullMarked
package dev.switchboard.dev;

import org.jspecify.annotations.NullMarked;
