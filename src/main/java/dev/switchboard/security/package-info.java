/**
 * Who may connect and who may ask: the modes, tokens, scopes, and what browsers may do.
 */
@NullMarked
package dev.switchboard.security;

import org.jspecify.annotations.NullMarked;
