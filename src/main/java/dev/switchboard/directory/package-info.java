/** The shared tables of nodes, of which node holds which agent, and of recorded calls. */
@NullMarked
package dev.switchboard.directory;

import org.jspecify.annotations.NullMarked;
