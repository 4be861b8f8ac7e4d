/** Tests of the protection against overload. */
@NullMarked
package dev.switchboard.overload;

import org.jspecify.annotations.NullMarked;
