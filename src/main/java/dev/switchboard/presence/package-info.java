/**
 * Events of agents' presence: tells the event log of the changes that the directory has
 * recorded.
 */
@NullMarked
package dev.switchboard.presence;

import org.jspecify.annotations.NullMarked;
