/** Tests of {@code loop}. */
@NullMarked
package dev.switchboard.loop;

import org.jspecify.annotations.NullMarked;
