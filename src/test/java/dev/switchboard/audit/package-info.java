@NullMarked
package dev.switchboard.audit;

import org.jspecify.annotations.NullMarked;
