/**
 * The directory's database: its driver, pools, migrations, statements and their meters.
 */
@NullMarked
package dev.switchboard.database;

import org.jspecify.annotations.NullMarked;
