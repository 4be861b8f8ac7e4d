/**
 * Access: which agents may connect, which callers may use the API, and what browsers may
 * send.
 */
@NullMarked
package dev.switchboard.security;

import org.jspecify.annotations.NullMarked;
