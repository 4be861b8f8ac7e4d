/** Tests of {@code label}. */
@NullMarked
package dev.switchboard.label;

import org.jspecify.annotations.NullMarked;
