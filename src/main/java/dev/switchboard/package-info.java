/** Starts Switchboard and wires its rooms together; nothing else. */
@NullMarked
package dev.switchboard;

import org.jspecify.annotations.NullMarked;
