@NullMarked
package dev.switchboard.quota;

import org.jspecify.annotations.NullMarked;
