/**
 * What the HTTP of all listeners has in common: malformed requests are refused before
 * Reactor Netty sees them, callers that have hung up are noticed, and list headers are
 * read.
 */
@NullMarked
package dev.switchboard.listener;

import org.jspecify.annotations.NullMarked;
