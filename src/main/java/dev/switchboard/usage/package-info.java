/** Nodes exchange how much tenants use, and divide quotas among themselves. */
@NullMarked
package dev.switchboard.usage;

import org.jspecify.annotations.NullMarked;
