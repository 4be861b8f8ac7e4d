@NullMarked
package dev.switchboard.dns;

import org.jspecify.annotations.NullMarked;
