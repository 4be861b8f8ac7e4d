@NullMarked
package dev.switchboard.tenant;

import org.jspecify.annotations.NullMarked;
