/**
 * Access to the directory's database: driver, pools, migrations, running statements and
 * counting them, group commit and retention. The room knows none of the tables. It has
 * more than 20 files, because seven of them are for troubles with a server: it refuses a
 * node, goes away, is no longer the writer, or loses its tables.
 */
@NullMarked
package dev.switchboard.database;

import org.jspecify.annotations.NullMarked;
