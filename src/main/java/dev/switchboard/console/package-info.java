/** Describes the API to those who call it: its OpenAPI document, and a page of it. */
@NullMarked
package dev.switchboard.console;

import org.jspecify.annotations.NullMarked;
