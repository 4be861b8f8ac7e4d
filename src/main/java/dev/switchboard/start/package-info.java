/**
 * Checks at the start of a node: unknown settings and ports that are in use, and how the
 * log reports them.
 */
@NullMarked
package dev.switchboard.start;

import org.jspecify.annotations.NullMarked;
