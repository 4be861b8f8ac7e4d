/** Agents' connections: who is connected here, and the calls that wait on each. */
@NullMarked
package dev.switchboard.connection;

import org.jspecify.annotations.NullMarked;
