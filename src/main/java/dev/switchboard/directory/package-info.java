/**
 * Which node holds which agent: claims and releases, lookups, and how connections
 * supersede each other.
 */
@NullMarked
package dev.switchboard.directory;

import org.jspecify.annotations.NullMarked;
