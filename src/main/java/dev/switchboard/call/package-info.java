/** The REST API: calls, pushes and presence, and what each can end in. */
@NullMarked
package dev.switchboard.call;

import org.jspecify.annotations.NullMarked;
