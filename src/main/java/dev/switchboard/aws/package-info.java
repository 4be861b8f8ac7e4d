/**
 * The node on AWS. Each part of it is off until a setting turns it on.
 */
@NullMarked
package dev.switchboard.aws;

import org.jspecify.annotations.NullMarked;
