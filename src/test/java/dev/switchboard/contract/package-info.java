/** The contract, tried on the built jar by agents and callers that know it only. */
@NullMarked
package dev.switchboard.contract;

import org.jspecify.annotations.NullMarked;
