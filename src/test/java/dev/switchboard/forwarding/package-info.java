/**
 * Tests of forwarding: real sockets between both ends, and between them what may go
 * wrong.
 */
@NullMarked
package dev.switchboard.forwarding;

import org.jspecify.annotations.NullMarked;
