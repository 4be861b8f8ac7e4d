/** Clusters of the built jar, what is done to them, and a check of what was seen. */
@NullMarked
package dev.switchboard.cluster;

import org.jspecify.annotations.NullMarked;
