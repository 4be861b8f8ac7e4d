/** Tests of {@code api}. */
@NullMarked
package dev.switchboard.api;

import org.jspecify.annotations.NullMarked;
