/** Tests of {@code push}. */
@NullMarked
package dev.switchboard.push;

import org.jspecify.annotations.NullMarked;
