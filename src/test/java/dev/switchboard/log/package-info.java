/** Tests of {@code log}. */
@NullMarked
package dev.switchboard.log;

import org.jspecify.annotations.NullMarked;
