/**
 * The pool's name in DNS, under which agents find the nodes: each node puts itself there
 * and takes itself out.
 */
@NullMarked
package dev.switchboard.dns;

import org.jspecify.annotations.NullMarked;
