@NullMarked
package dev.switchboard.aws;

import org.jspecify.annotations.NullMarked;
