/** The agent port: admission, authentication and placement of agents, and the upgrade. */
@NullMarked
package dev.switchboard.handshake;

import org.jspecify.annotations.NullMarked;
