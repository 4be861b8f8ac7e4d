/**
 * Which node holds which agent: claims and releases, lookups, and how connections
 * supersede each other.
 * <p>
 * The room has more than 20 files, because it also has the rows and statements of the
 * table of agents, and records changes of agents' presence in them.
 */
@NullMarked
package dev.switchboard.directory;

import org.jspecify.annotations.NullMarked;
