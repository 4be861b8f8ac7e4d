/**
 * Tests of the contract on the built jar, by agents and callers that use only the
 * contract.
 */
@NullMarked
package dev.switchboard.contract;

import org.jspecify.annotations.NullMarked;
