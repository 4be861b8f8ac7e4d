/**
 * The log: nobody waits for it, it has bounds, and a peer can neither forge nor flood it.
 */
@NullMarked
package dev.switchboard.log;

import org.jspecify.annotations.NullMarked;
