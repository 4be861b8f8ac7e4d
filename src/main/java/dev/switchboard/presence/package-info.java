/**
 * Events of agents' presence: sends the changes that the directory has recorded to the
 * event log.
 */
@NullMarked
package dev.switchboard.presence;

import org.jspecify.annotations.NullMarked;
