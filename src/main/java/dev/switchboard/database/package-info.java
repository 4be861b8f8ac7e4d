/**
 * The directory's database: driver, pools, migrations, statements and their metrics,
 * group commit and retention. It depends on none of the tables.
 */
@NullMarked
package dev.switchboard.database;

import org.jspecify.annotations.NullMarked;
