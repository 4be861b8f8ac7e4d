/** Tests of rebalances. */
@NullMarked
package dev.switchboard.rebalance;

import org.jspecify.annotations.NullMarked;
