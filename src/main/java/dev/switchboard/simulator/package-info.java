/**
 * A fleet of simulated agents, as cheap as they can be, and a driver of calls to them.
 */
@NullMarked
package dev.switchboard.simulator;

import org.jspecify.annotations.NullMarked;
