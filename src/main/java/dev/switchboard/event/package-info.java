/**
 * Keeps the event log: takes events of agents, stores them, and gives them to readers.
 */
@NullMarked
package dev.switchboard.event;

import org.jspecify.annotations.NullMarked;
