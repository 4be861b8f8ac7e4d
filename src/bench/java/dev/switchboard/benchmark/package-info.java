/** Measures a node, with connections in memory or a part at a time; no tests. */
@NullMarked
package dev.switchboard.benchmark;

import org.jspecify.annotations.NullMarked;
