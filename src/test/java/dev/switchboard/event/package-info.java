/** Tests of {@code event}. */
@NullMarked
package dev.switchboard.event;

import org.jspecify.annotations.NullMarked;
