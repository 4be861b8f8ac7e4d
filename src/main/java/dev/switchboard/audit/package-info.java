/** The audit: who asked for a change or sent a message, from where, and how it ended. */
@NullMarked
package dev.switchboard.audit;

import org.jspecify.annotations.NullMarked;
