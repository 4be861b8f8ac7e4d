/** Tests of {@code handshake}. */
@NullMarked
package dev.switchboard.handshake;

import org.jspecify.annotations.NullMarked;
