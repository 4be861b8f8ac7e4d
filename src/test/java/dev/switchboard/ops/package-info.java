/** Checks the Helm chart. */
@NullMarked
package dev.switchboard.ops;

import org.jspecify.annotations.NullMarked;
