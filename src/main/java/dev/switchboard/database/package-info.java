/**
 * The directory's database: driver, pools, migrations, statements and their metrics,
 * group commit and retention. Knows none of its tables.
 */
@NullMarked
package dev.switchboard.database;

import org.jspecify.annotations.NullMarked;
