/** The REST API: controllers that read requests and write answers. */
@NullMarked
package dev.switchboard.api;

import org.jspecify.annotations.NullMarked;
