/** The agent library: connects to a gateway, answers its calls, and comes back. */
@NullMarked
package dev.switchboard.agent;

import org.jspecify.annotations.NullMarked;
