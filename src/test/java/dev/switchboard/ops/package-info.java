/** Checks what Switchboard is operated with: its Helm chart. */
@NullMarked
package dev.switchboard.ops;

import org.jspecify.annotations.NullMarked;
