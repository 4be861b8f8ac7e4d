/**
 * Simulated agents: many connections on few event loops, each as cheap as possible. The
 * room has more than 20 files, because all of them share the same few connections.
 */
@NullMarked
package dev.switchboard.simulator.agents;

import org.jspecify.annotations.NullMarked;
