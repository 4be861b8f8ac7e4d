/**
 * Clusters of the built jar, the faults that are injected, and a check of the history.
 */
@NullMarked
package dev.switchboard.cluster;

import org.jspecify.annotations.NullMarked;
