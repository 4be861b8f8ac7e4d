/** The {@code dev} mode: loopback only, no credentials, sample agents. */
@NullMarked
package dev.switchboard.dev;

import org.jspecify.annotations.NullMarked;
