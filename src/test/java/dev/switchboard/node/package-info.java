@NullMarked
package dev.switchboard.node;

import org.jspecify.annotations.NullMarked;
