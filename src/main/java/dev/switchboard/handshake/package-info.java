/** The agent port: which handshakes it admits, whose they are, and the upgrade. */
@NullMarked
package dev.switchboard.handshake;

import org.jspecify.annotations.NullMarked;
