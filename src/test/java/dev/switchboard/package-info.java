/** Tests of the whole, and the fixtures that they share. */
@NullMarked
package dev.switchboard;

import org.jspecify.annotations.NullMarked;
