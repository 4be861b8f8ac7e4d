/**
 * The agent port: admission, authentication and placement of agents, and the upgrade. The
 * room has more than 20 files, because it has everything that happens at the port until
 * there is a connection.
 */
@NullMarked
package dev.switchboard.handshake;

import org.jspecify.annotations.NullMarked;
