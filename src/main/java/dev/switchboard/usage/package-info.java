/** Nodes tell each other what tenants use, and divide quotas among themselves by it. */
@NullMarked
package dev.switchboard.usage;

import org.jspecify.annotations.NullMarked;
