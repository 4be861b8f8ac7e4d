/**
 * Who is kept out: the revocations of agents and the settings of tenants. They are stored
 * in the directory's database, and each node has them in memory.
 */
@NullMarked
package dev.switchboard.tenant;

import org.jspecify.annotations.NullMarked;
