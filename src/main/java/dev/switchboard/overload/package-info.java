/** Protects this node from more load than it can take: measures it, and refuses work. */
@NullMarked
package dev.switchboard.overload;

import org.jspecify.annotations.NullMarked;
