/**
 * The nodes of a cluster: their list, their leases by the directory's clock, and this
 * node's own membership.
 */
@NullMarked
package dev.switchboard.node;

import org.jspecify.annotations.NullMarked;
