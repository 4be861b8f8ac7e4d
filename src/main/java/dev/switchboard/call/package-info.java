/** Calls: requests, outcomes, and recorded calls, which outlive their request. */
@NullMarked
package dev.switchboard.call;

import org.jspecify.annotations.NullMarked;
