/**
 * Access to the directory's database: driver, pools, migrations, running statements and
 * counting them, group commit and retention. The room knows none of the tables.
 */
@NullMarked
package dev.switchboard.database;

import org.jspecify.annotations.NullMarked;
