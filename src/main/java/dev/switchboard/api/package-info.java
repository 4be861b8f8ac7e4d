/** The REST API: every controller, and how requests are read and answers written. */
@NullMarked
package dev.switchboard.api;

import org.jspecify.annotations.NullMarked;
