/**
 * The cheap socket under a connection: RFC 6455 behind Spring WebFlux's WebSocket SPI, on
 * a channel or on a bare file descriptor. The room has more than 20 files. They are two
 * parts: the frames (from {@link FrameReader} to {@link FrameWriter}), and the sessions
 * with their wires. They stay in one room, so that the types of both can stay
 * package-private.
 */
@NullMarked
package dev.switchboard.transport;

import org.jspecify.annotations.NullMarked;
