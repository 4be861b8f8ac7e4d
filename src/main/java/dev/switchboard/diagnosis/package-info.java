/** Why an agent can be reached or cannot: what all nodes know about it, and remember. */
@NullMarked
package dev.switchboard.diagnosis;

import org.jspecify.annotations.NullMarked;
