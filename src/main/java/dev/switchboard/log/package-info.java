/**
 * The log. No thread waits for its output. Its queue has a bound, and a peer can neither
 * forge lines in it nor flood it.
 */
@NullMarked
package dev.switchboard.log;

import org.jspecify.annotations.NullMarked;
