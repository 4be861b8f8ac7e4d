/** Bearer tokens: the keys of their issuers, and the checks that a token must pass. */
@NullMarked
package dev.switchboard.token;

import org.jspecify.annotations.NullMarked;
