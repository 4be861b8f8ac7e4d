/**
 * What the HTTP of all listeners has in common: malformed requests are refused before
 * they are requests, callers that have hung up are noticed, and list headers are read.
 */
@NullMarked
package dev.switchboard.listener;

import org.jspecify.annotations.NullMarked;
