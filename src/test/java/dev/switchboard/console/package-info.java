/** Holds the API's document to what the gateway is. */
@NullMarked
package dev.switchboard.console;

import org.jspecify.annotations.NullMarked;
