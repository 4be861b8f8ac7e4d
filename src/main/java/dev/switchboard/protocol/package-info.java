/** The agent wire protocol: its identifiers, its frames, and their bytes. */
@NullMarked
package dev.switchboard.protocol;

import org.jspecify.annotations.NullMarked;
