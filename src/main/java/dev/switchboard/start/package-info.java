/**
 * What a node refuses at its start, and how it says so: settings that nobody knows, and
 * ports that others have.
 */
@NullMarked
package dev.switchboard.start;

import org.jspecify.annotations.NullMarked;
