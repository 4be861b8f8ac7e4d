/** Starts Switchboard and wires its rooms together. It does nothing else. */
@NullMarked
package dev.switchboard;

import org.jspecify.annotations.NullMarked;
