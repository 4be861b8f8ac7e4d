/**
 * Access to the directory's database: driver, pools, migrations, running statements and
 * counting them, group commit and retention. The room knows none of the tables. It has
 * more than twenty files, since seven are about what a server may do to a node: refuse
 * it, go away, stop being the writer, lose its tables.
 */
@NullMarked
package dev.switchboard.database;

import org.jspecify.annotations.NullMarked;
