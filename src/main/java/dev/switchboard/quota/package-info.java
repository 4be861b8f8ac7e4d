/** Quotas: how much of each thing a tenant may use. */
@NullMarked
package dev.switchboard.quota;

import org.jspecify.annotations.NullMarked;
