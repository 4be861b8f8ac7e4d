/** Tests of the relays and webhooks. */
@NullMarked
package dev.switchboard.relay;

import org.jspecify.annotations.NullMarked;
