/** Tests of drains. */
@NullMarked
package dev.switchboard.drain;

import org.jspecify.annotations.NullMarked;
