/**
 * Tests of forwarding: both ends on real sockets, with faults on the way between them.
 */
@NullMarked
package dev.switchboard.forwarding;

import org.jspecify.annotations.NullMarked;
