/**
 * The command line of the simulator: connects simulated agents, drives calls to them, and
 * measures what an idle connection costs a gateway.
 */
@NullMarked
package dev.switchboard.simulator;

import org.jspecify.annotations.NullMarked;
