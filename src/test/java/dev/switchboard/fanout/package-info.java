/** Tests of {@code fanout}. */
@NullMarked
package dev.switchboard.fanout;

import org.jspecify.annotations.NullMarked;
