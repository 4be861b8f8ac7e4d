/** The node on AWS. Each part is off until a setting turns it on. */
@NullMarked
package dev.switchboard.aws;

import org.jspecify.annotations.NullMarked;
