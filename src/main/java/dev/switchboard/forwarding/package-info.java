/**
 * Requests between nodes by HTTP/2: verbs, questions and notices of superseded agents.
 */
@NullMarked
package dev.switchboard.forwarding;

import org.jspecify.annotations.NullMarked;
