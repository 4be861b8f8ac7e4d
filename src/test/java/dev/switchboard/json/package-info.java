/** Tests of {@code json}. */
@NullMarked
package dev.switchboard.json;

import org.jspecify.annotations.NullMarked;
