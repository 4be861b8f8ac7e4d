/**
 * Durable pushes: pushes that are kept in the directory's database until their agents
 * have acknowledged them.
 */
@NullMarked
package dev.switchboard.push;

import org.jspecify.annotations.NullMarked;
