/** The REST API: its controllers, which read requests and write answers. */
@NullMarked
package dev.switchboard.api;

import org.jspecify.annotations.NullMarked;
