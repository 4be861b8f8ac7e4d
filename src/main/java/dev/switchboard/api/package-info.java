/**
 * The REST API: controllers that read requests and write answers. The room has more than
 * 20 files, because it has a class for each part of a request, of an answer and of a
 * stream.
 */
@NullMarked
package dev.switchboard.api;

import org.jspecify.annotations.NullMarked;
