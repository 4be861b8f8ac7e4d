/**
 * Which node holds which agent: claims and releases, lookups, and how connections
 * supersede each other.
 * <p>
 * The room has a few files more than 20, because it also has the rows and statements of
 * the table of agents.
 */
@NullMarked
package dev.switchboard.directory;

import org.jspecify.annotations.NullMarked;
