/**
 * Relays: send the event log on to receivers outside of the cluster. One node at a time
 * works on a relay, and a relay's position is stored after delivery. Webhooks are relays
 * of one tenant.
 */
@NullMarked
package dev.switchboard.relay;

import org.jspecify.annotations.NullMarked;
