/** Tests of {@code call}. */
@NullMarked
package dev.switchboard.call;

import org.jspecify.annotations.NullMarked;
