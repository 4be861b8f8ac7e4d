/**
 * The cheap socket under a connection: RFC 6455 behind Spring WebFlux's WebSocket SPI, on
 * a channel or on a bare file descriptor. The room has two parts that only it uses: the
 * frames (from {@link FrameReader} to {@link FrameWriter}), and the sessions with their
 * wires. A room for each would make public what is now package-private.
 */
@NullMarked
package dev.switchboard.transport;

import org.jspecify.annotations.NullMarked;
