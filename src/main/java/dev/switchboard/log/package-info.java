/**
 * The log. No thread waits for its output. It has bounds, and a peer can neither forge
 * lines nor flood it.
 */
@NullMarked
package dev.switchboard.log;

import org.jspecify.annotations.NullMarked;
