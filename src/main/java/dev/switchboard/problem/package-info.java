/**
 * Failures and their answers: the problems (RFC 9457), the one exception that carries
 * them, and the one writer of problem responses for all listeners.
 */
@NullMarked
package dev.switchboard.problem;

import org.jspecify.annotations.NullMarked;
