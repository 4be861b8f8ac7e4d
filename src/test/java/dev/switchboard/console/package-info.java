/** Tests that the documents of the API and of the metrics match the gateway. */
@NullMarked
package dev.switchboard.console;

import org.jspecify.annotations.NullMarked;
