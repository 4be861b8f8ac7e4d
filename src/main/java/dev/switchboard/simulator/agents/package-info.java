/** Simulated agents: many connections on few event loops, each as cheap as possible. */
@NullMarked
package dev.switchboard.simulator.agents;

import org.jspecify.annotations.NullMarked;
