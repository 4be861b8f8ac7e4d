/** Reading, writing and checking JSON (RFC 8259) in one pass; payloads stay bytes. */
@NullMarked
package dev.switchboard.json;

import org.jspecify.annotations.NullMarked;
