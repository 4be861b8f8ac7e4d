/** Tests of {@code connection}. */
@NullMarked
package dev.switchboard.connection;

import org.jspecify.annotations.NullMarked;
