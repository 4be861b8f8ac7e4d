/** Tests of {@code problem}. */
@NullMarked
package dev.switchboard.problem;

import org.jspecify.annotations.NullMarked;
