/** Tests of {@code listener}. */
@NullMarked
package dev.switchboard.listener;

import org.jspecify.annotations.NullMarked;
