/**
 * What the HTTP of all listeners has in common: malformed requests are refused before
 * Reactor Netty sees them, slow peers and too many connections are ended, callers that
 * have hung up are noticed, and list headers are read. The room has more than 20 files,
 * because it has everything that all ports have in common.
 */
@NullMarked
package dev.switchboard.listener;

import org.jspecify.annotations.NullMarked;
