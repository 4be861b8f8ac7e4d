/** Tests of diagnoses. */
@NullMarked
package dev.switchboard.diagnosis;

import org.jspecify.annotations.NullMarked;
