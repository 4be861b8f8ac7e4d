/**
 * Drives requests to the API and measures rates, latencies and the cost of the server.
 */
@NullMarked
package dev.switchboard.simulator.bench;

import org.jspecify.annotations.NullMarked;
