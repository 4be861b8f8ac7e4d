/** Keeps nodes level: the fullest nodes move agents to the emptiest ones. */
@NullMarked
package dev.switchboard.rebalance;

import org.jspecify.annotations.NullMarked;
