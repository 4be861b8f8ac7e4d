/**
 * Labels: what agents say about themselves in {@code hello}, how the directory keeps it,
 * and selectors, which find agents by it.
 */
@NullMarked
package dev.switchboard.label;

import org.jspecify.annotations.NullMarked;
