/** Tests of {@code routing}. */
@NullMarked
package dev.switchboard.routing;

import org.jspecify.annotations.NullMarked;
