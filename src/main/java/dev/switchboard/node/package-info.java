/**
 * The nodes of a cluster: the list of nodes, their leases, the directory's clock, and
 * this node's own membership.
 */
@NullMarked
package dev.switchboard.node;

import org.jspecify.annotations.NullMarked;
