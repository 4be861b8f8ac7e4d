/**
 * Decides which agents may connect, which callers may use the API, and which requests of
 * browsers are allowed.
 */
@NullMarked
package dev.switchboard.security;

import org.jspecify.annotations.NullMarked;
