/**
 * The agent library: connects to a gateway, answers its calls, and reconnects.
 * <p>
 * The room has more than 20 files because it is a whole artifact with one public face
 * ({@link dev.switchboard.agent.SwitchboardAgent} and the types beside it). Its inner
 * parts (the connection, the reconnecting and the dispatch of calls) are package-private,
 * so that programs cannot depend on them.
 */
@NullMarked
package dev.switchboard.agent;

import org.jspecify.annotations.NullMarked;
