/** The problems (RFC 9457) that requests end in, and what each says of its call. */
@NullMarked
package dev.switchboard.problem;

import org.jspecify.annotations.NullMarked;
