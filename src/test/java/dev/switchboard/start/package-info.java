/** Tests of what a node refuses at its start. */
@NullMarked
package dev.switchboard.start;

import org.jspecify.annotations.NullMarked;
