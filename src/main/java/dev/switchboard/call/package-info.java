/**
 * Calls: their requests, their outcomes, and recorded calls, which outlive their
 * requests.
 */
@NullMarked
package dev.switchboard.call;

import org.jspecify.annotations.NullMarked;
