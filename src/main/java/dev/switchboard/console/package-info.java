/** Web pages for people: the OpenAPI document of the API, and a page that shows it. */
@NullMarked
package dev.switchboard.console;

import org.jspecify.annotations.NullMarked;
