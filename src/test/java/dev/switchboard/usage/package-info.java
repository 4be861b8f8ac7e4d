@NullMarked
package dev.switchboard.usage;

import org.jspecify.annotations.NullMarked;
