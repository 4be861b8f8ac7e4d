/**
 * The cheap socket under a connection: RFC 6455 behind Spring WebFlux's WebSocket SPI, on
 * a channel or on a bare file descriptor.
 */
@NullMarked
package dev.switchboard.transport;

import org.jspecify.annotations.NullMarked;
