/**
 * Why an agent can be reached or cannot: what all nodes know about it, and remember. The
 * room has more than 20 files, because it has both what a node remembers and how all
 * nodes are asked.
 */
@NullMarked
package dev.switchboard.diagnosis;

import org.jspecify.annotations.NullMarked;
