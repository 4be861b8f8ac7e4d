/**
 * Calls: what one is asked for, what it ends in, and those that outlive their request.
 */
@NullMarked
package dev.switchboard.call;

import org.jspecify.annotations.NullMarked;
