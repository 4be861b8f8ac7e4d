/**
 * A simulated cluster: nodes made of the product's own rooms, agents, callers, a network
 * and a database, in one thread and in virtual time. A seed decides everything that
 * happens, so a failure can be replayed. {@code docs/simulation.md} describes it.
 */
@NullMarked
package dev.switchboard.cluster.simulation;

import org.jspecify.annotations.NullMarked;
