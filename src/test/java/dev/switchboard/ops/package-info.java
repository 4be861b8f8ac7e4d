/** Checks what operators use: the chart, the alerts, the dashboard and the examples. */
@NullMarked
package dev.switchboard.ops;

import org.jspecify.annotations.NullMarked;
