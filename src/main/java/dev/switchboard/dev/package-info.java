/** The {@code dev} mode: loopback only by default, no credentials, sample agents. */
@NullMarked
package dev.switchboard.dev;

import org.jspecify.annotations.NullMarked;
