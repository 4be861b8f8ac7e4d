@NullMarked
package dev.switchboard.database;

import org.jspecify.annotations.NullMarked;
